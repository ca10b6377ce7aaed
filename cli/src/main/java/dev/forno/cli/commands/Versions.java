package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.templates.Template;
import java.io.IOException;
import java.net.ConnectException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code version}. */
final class Versions {
    /** This program's version. */
    static final String VERSION = "0.1.0";

    private Versions() {}

    static Command command() {
        return new Command(
                "[OPTIONS]",
                "Show the versions of the command and the engine",
                0,
                0,
                "-f, --format string | Print with a template, or 'json'\n",
                Versions::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        Json server = Json.of(null);
        String problem = "";
        try {
            server = session.engine().get("/version");
        } catch (ConnectException e) {
            problem = String.valueOf(e.getMessage());
        }
        Map<String, @Nullable Object> client = new LinkedHashMap<>();
        client.put("Version", VERSION);
        client.put("ApiVersion", server.text("ApiVersion"));
        client.put("JavaVersion", Runtime.version().toString());
        client.put("Os", "linux");
        client.put("Arch", architecture());
        client.put("Host", session.engine().address().toString());
        String format = arguments.text("format", "");
        if (!format.isEmpty()) {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("Client", client);
            document.put("Server", server.value());
            session.out()
                    .println(
                            format.equals("json")
                                    ? Json.of(document).toString()
                                    : Template.parse(format).render(document));
        } else {
            print(session, Json.of(client), server);
        }
        if (!problem.isEmpty()) {
            throw new Failure(1, problem);
        }
        return 0;
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name.equals("aarch64") ? "arm64" : name;
    }

    private static void print(Session session, Json client, Json server) {
        StringBuilder text = new StringBuilder("Client: Forno\n");
        line(text, " Version:", client.text("Version"));
        line(text, " API version:", client.text("ApiVersion"));
        line(text, " Java version:", client.text("JavaVersion"));
        line(text, " OS/Arch:", client.text("Os") + "/" + client.text("Arch"));
        line(text, " Host:", client.text("Host"));
        if (!server.isEmpty()) {
            String platform = server.text("Platform", "Name");
            text.append("\nServer:")
                    .append(platform.isEmpty() ? "" : " " + platform)
                    .append('\n');
            for (Json component : server.at("Components").elements()) {
                text.append(' ').append(component.text("Name")).append(":\n");
                line(text, "  Version:", component.text("Version"));
                if (component.text("Name").equals("Engine")) {
                    line(
                            text,
                            "  API version:",
                            server.text("ApiVersion") + " (minimum version " + server.text("MinAPIVersion") + ")");
                    line(text, "  Git commit:", server.text("GitCommit"));
                    line(text, "  Built:", server.text("BuildTime"));
                    line(text, "  OS/Arch:", server.text("Os") + "/" + server.text("Arch"));
                    line(text, "  Kernel version:", server.text("KernelVersion"));
                } else {
                    line(text, "  GitCommit:", component.text("Details", "GitCommit"));
                }
            }
        }
        session.out().print(text);
    }

    private static void line(StringBuilder text, String title, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-19s%s%n", title, value));
        }
    }
}
