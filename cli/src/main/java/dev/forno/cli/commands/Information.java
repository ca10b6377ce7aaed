package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.templates.Template;
import dev.forno.cli.values.Sizes;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code info}. */
final class Information {
    private Information() {}

    static Command command() {
        return new Command(
                "[OPTIONS]",
                "Show what the engine is and has",
                0,
                0,
                "-f, --format string | Print with a template, or 'json'\n",
                Information::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        Json info = session.engine().get("/info");
        String format = arguments.text("format", "");
        if (!format.isEmpty()) {
            session.out()
                    .println(
                            format.equals("json")
                                    ? info.toString()
                                    : Template.parse(format).render(info.value()));
            return 0;
        }
        PrintStream out = session.out();
        out.println("Client: Forno\n Version:    " + Versions.VERSION + "\n Host:       "
                + session.engine().address() + "\n\nServer:");
        counts(out, info);
        storage(out, info);
        runtimes(out, info);
        machine(out, info);
        registries(out, info);
        out.println();
        out.flush();
        info.texts("Warnings").forEach(session.err()::println);
        return 0;
    }

    private static void counts(PrintStream out, Json info) {
        line(out, "Containers", info.text("Containers"));
        line(out, " Running", info.text("ContainersRunning"));
        line(out, " Paused", info.text("ContainersPaused"));
        line(out, " Stopped", info.text("ContainersStopped"));
        line(out, "Images", info.text("Images"));
        line(out, "Server Version", info.text("ServerVersion"));
    }

    private static void storage(PrintStream out, Json info) {
        line(out, "Storage Driver", info.text("Driver"));
        for (Json status : info.at("DriverStatus").elements()) {
            List<Json> pair = status.elements();
            line(out, " " + pair.getFirst().text(), pair.getLast().text());
        }
        line(out, "Logging Driver", info.text("LoggingDriver"));
        line(out, "Cgroup Driver", info.text("CgroupDriver"));
        line(out, "Cgroup Version", info.text("CgroupVersion"));
        out.println(" Plugins:");
        for (String kind : List.of("Volume", "Network", "Log")) {
            line(out, " " + kind, String.join(" ", info.texts("Plugins", kind)));
        }
        line(out, "Swarm", info.text("Swarm", "LocalNodeState"));
    }

    private static void runtimes(PrintStream out, Json info) {
        line(out, "Runtimes", String.join(" ", info.at("Runtimes").members().keySet()));
        line(out, "Default Runtime", info.text("DefaultRuntime"));
        line(out, "Init Binary", info.text("InitBinary"));
        List<String> options = info.texts("SecurityOptions");
        if (!options.isEmpty()) {
            out.println(" Security Options:");
        }
        for (String option : options) {
            for (String part : option.split(",")) {
                int equals = part.indexOf('=');
                String value = part.substring(equals + 1);
                out.println(
                        part.startsWith("name=")
                                ? "  " + value
                                : "   " + Character.toUpperCase(part.charAt(0)) + part.substring(1, Math.max(1, equals))
                                        + ": " + value);
            }
        }
    }

    private static void machine(PrintStream out, Json info) {
        line(out, "Kernel Version", info.text("KernelVersion"));
        line(out, "Operating System", info.text("OperatingSystem"));
        line(out, "OSType", info.text("OSType"));
        line(out, "Architecture", info.text("Architecture"));
        line(out, "CPUs", info.text("NCPU"));
        line(out, "Total Memory", Sizes.binary(info.decimal("MemTotal")));
        line(out, "Name", info.text("Name"));
        line(out, "ID", info.text("ID"));
        line(out, "Docker Root Dir", info.text("DockerRootDir"));
        line(out, "Debug Mode", "" + info.is("Debug"));
        info.texts("Labels").forEach(label -> out.println("  " + label));
        line(out, "Experimental", "" + info.is("ExperimentalBuild"));
    }

    private static void registries(PrintStream out, Json info) {
        Json registry = info.at("RegistryConfig");
        out.println(" Insecure Registries:");
        registry.at("IndexConfigs").members().forEach((name, index) -> {
            if (!index.is("Secure")) {
                out.println("  " + name);
            }
        });
        registry.texts("InsecureRegistryCIDRs").forEach(range -> out.println("  " + range));
        List<String> mirrors = registry.texts("Mirrors");
        if (!mirrors.isEmpty()) {
            out.println(" Registry Mirrors:");
            mirrors.forEach(mirror -> out.println("  " + mirror));
        }
        line(out, "Live Restore Enabled", "" + info.is("LiveRestoreEnabled"));
    }

    private static void line(PrintStream out, String title, String value) {
        if (!value.isEmpty()) {
            out.println(" " + title + ": " + value);
        }
    }
}
