package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.streams.Demultiplexer;
import dev.forno.cli.tables.Table;
import dev.forno.cli.values.Times;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code logs}, {@code top}, {@code port}, {@code diff}. */
final class ContainerViews {
    private ContainerViews() {}

    static Command logs() {
        return new Command("[OPTIONS] CONTAINER", "Show the logs of a container", 1, 1, """
                --details | Show the extra attributes that the log has
                -f, --follow | Go on as the log grows
                --since string | Only lines after a time (2026-01-02T13:23:37Z) or since a while (42m)
                -n, --tail string | Only so many lines from the end (default "all")
                -t, --timestamps | Show the time of each line
                --until string | Only lines before a time or a while ago
                """, ContainerViews::logs);
    }

    private static int logs(Session session, Arguments arguments) throws IOException {
        String name = arguments.operand(0);
        boolean tty = session.engine()
                .get(Query.of("/containers/" + Query.segment(name) + "/json"))
                .is("Config", "Tty");
        Query query = ContainerLife.path(name, "logs")
                .with("stdout", "1")
                .with("stderr", "1")
                .withFlag("follow", arguments.is("follow"))
                .withFlag("timestamps", arguments.is("timestamps"))
                .withFlag("details", arguments.is("details"))
                .withNullable("since", moment(session, arguments.text("since")))
                .withNullable("until", moment(session, arguments.text("until")))
                .with("tail", arguments.text("tail", "all"));
        try (ClientResponse response = session.engine().open(ClientRequest.get(query.toString()))) {
            if (tty) {
                Demultiplexer.copyRaw(response.body(), session.out());
            } else {
                Demultiplexer.copy(response.body(), session.out(), session.err());
            }
        }
        return 0;
    }

    static @Nullable String moment(Session session, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Times.moment(text, session.now(), session.zone());
        } catch (IllegalArgumentException e) {
            throw new Failure(1, String.valueOf(e.getMessage()));
        }
    }

    static Command top() {
        return new Command(
                "CONTAINER [ps OPTIONS]",
                "Show the running processes of a container",
                1,
                Command.ANY,
                "",
                (session, arguments) -> {
                    List<String> options =
                            arguments.operands().subList(1, arguments.operands().size());
                    Json processes = session.engine()
                            .get(ContainerLife.path(arguments.operand(0), "top")
                                    .withNullable("ps_args", options.isEmpty() ? null : String.join(" ", options)));
                    Table table = new Table(20, 3);
                    table.add(processes.texts("Titles"));
                    for (Json process : processes.at("Processes").elements()) {
                        table.add(process.texts());
                    }
                    session.out().print(table);
                    return 0;
                });
    }

    static Command port() {
        return new Command(
                "CONTAINER [PRIVATE_PORT[/PROTO]]",
                "Show the published ports of a container",
                1,
                2,
                "",
                ContainerViews::port);
    }

    private static int port(Session session, Arguments arguments) throws IOException {
        String name = arguments.operand(0);
        Map<String, Json> ports = session.engine()
                .get(Query.of("/containers/" + Query.segment(name) + "/json"))
                .at("NetworkSettings", "Ports")
                .members();
        if (arguments.operands().size() == 2) {
            String wanted = arguments.operand(1);
            String key = wanted.indexOf('/') < 0 ? wanted + "/tcp" : wanted;
            Json bindings = ports.getOrDefault(key, Json.of(null));
            if (bindings.elements().isEmpty()) {
                throw new Failure(1, "Error: No public port '" + wanted + "' published for " + name);
            }
            for (Json binding : bindings.elements()) {
                session.out().println(address(binding));
            }
            return 0;
        }
        ports.entrySet().stream()
                .sorted(java.util.Comparator.comparingInt((Map.Entry<String, Json> entry) ->
                                Integer.parseInt(entry.getKey().replaceFirst("/.*", "")))
                        .thenComparing(Map.Entry::getKey))
                .forEach(entry -> entry.getValue().elements().forEach(binding -> session.out()
                        .println(entry.getKey() + " -> " + address(binding))));
        return 0;
    }

    private static String address(Json binding) {
        String ip = binding.text("HostIp");
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + binding.text("HostPort");
    }

    static Command diff() {
        return new Command(
                "CONTAINER", "Show what has changed in a container's files", 1, 1, "", (session, arguments) -> {
                    for (Json change : session.engine()
                            .get(ContainerLife.path(arguments.operand(0), "changes"))
                            .elements()) {
                        char kind = "CAD".charAt((int) change.number("Kind"));
                        session.out().println(kind + " " + change.text("Path"));
                    }
                    return 0;
                });
    }
}
