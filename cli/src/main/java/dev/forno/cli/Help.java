package dev.forno.cli;

import dev.forno.cli.commands.Command;
import dev.forno.cli.commands.Commands;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code --help} prints. */
final class Help {
    private Help() {}

    static String all() {
        StringBuilder text = new StringBuilder("""
                Usage:  forno [OPTIONS] COMMAND

                A container engine

                Start here:
                  quickstart  Build and run a first web server, step by step
                  engine      Run the engine; also: engine status, engine stop
                  registry    Run a registry of your own: registry serve, registry gc

                Commands:
                """);
        Commands.TOP.forEach(name -> line(text, name, Commands.find(name)));
        text.append("\nManagement Commands:\n");
        Commands.GROUPS.forEach(group -> line(text, group, Commands.summary(group)));
        return text.append("""

                Global Options:
                      --config string   Directory of the client's configuration (default "~/.docker")
                  -H, --host string     Address of the engine: unix:///path or tcp://host:port
                                        (default FORNO_HOST, or unix:///run/forno/forno.sock)
                  -v, --version         Print the version and quit

                Run 'forno COMMAND --help' for more information on a command.
                """).toString();
    }

    static String group(String group) {
        StringBuilder text = new StringBuilder(
                "Usage:  forno " + group + " COMMAND\n\n" + Commands.summary(group) + "\n\nCommands:\n");
        for (String name : Commands.in(group)) {
            line(text, name, Commands.find(group, name));
        }
        return text + "\nRun 'forno " + group + " COMMAND --help' for more information on a command.\n";
    }

    static String command(String path, Command command) {
        String options = command.options().isEmpty()
                ? ""
                : "\n\nOptions:\n" + command.table().help().stripTrailing();
        List<String> aliases = aliases(path);
        return usage(path, command) + "\n\n" + command.summary()
                + (aliases.isEmpty() ? "" : "\n\nAliases:\n  " + String.join(", ", aliases)) + options + "\n";
    }

    static String usage(String path, Command command) {
        return "Usage:  forno " + path + " " + command.operands();
    }

    static String hint(String path) {
        return "Run 'forno " + path + " --help' for more information";
    }

    private static List<String> aliases(String path) {
        for (String[] names : new String[][] {
            {"ps", "container ls", "container list", "container ps"},
            {"images", "image ls", "image list"},
            {"rmi", "image rm", "image remove"},
            {"rm", "container rm", "container remove"},
            {"info", "system info"},
            {"events", "system events"},
            {"build", "image build", "builder build"}
        }) {
            if (List.of(names).contains(path)) {
                return java.util.Arrays.stream(names)
                        .map(name -> "forno " + name)
                        .toList();
            }
        }
        return List.of();
    }

    private static void line(StringBuilder text, String name, @Nullable Command command) {
        line(text, name, command == null ? "" : command.summary());
    }

    private static void line(StringBuilder text, String name, String summary) {
        text.append(String.format(Locale.ROOT, "  %-11s %s%n", name, summary));
    }
}
