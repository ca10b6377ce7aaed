package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code stats}. */
final class Statistics {
    private static final String COLUMNS =
            "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}" + "\t{{.BlockIO}}\t{{.PIDs}}";

    private Statistics() {}

    static Command command() {
        return new Command(
                "[OPTIONS] [CONTAINER...]", "Show what containers use, live", 0, Command.ANY, """
                -a, --all | Show stopped containers too
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                --no-stream | Show the first values and end
                --no-trunc | Do not shorten values
                """, Statistics::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException, InterruptedException {
        boolean once = arguments.is("no-stream");
        for (String name : arguments.operands()) {
            Running.inspect(session, name);
        }
        // each look takes the engine about a second: it measures the use of CPU between two moments
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (true) {
                String text = look(session, arguments, threads);
                session.out().print((once ? "" : "\033[2J\033[H") + text);
                session.out().flush();
                if (once || session.out().checkError()) {
                    return 0;
                }
            }
        }
    }

    private static String look(Session session, Arguments arguments, ExecutorService threads)
            throws IOException, InterruptedException {
        List<String> names = arguments.operands();
        if (names.isEmpty()) {
            names = new ArrayList<>();
            for (Json container : session.engine()
                    .get(Query.of("/containers/json").withFlag("all", arguments.is("all")))
                    .elements()) {
                names.add(container.text("Id"));
            }
        }
        List<Future<Json>> answers = new ArrayList<>();
        for (String name : names) {
            answers.add(threads.submit(
                    () -> session.engine().get(ContainerLife.path(name, "stats").with("stream", "0"))));
        }
        Listing listing = new Listing(
                "*container.statsContext",
                "Container",
                "ID:CONTAINER ID",
                "Name",
                "CPUPerc:CPU %",
                "MemUsage:MEM USAGE / LIMIT",
                "MemPerc:MEM %",
                "NetIO:NET I/O",
                "BlockIO:BLOCK I/O",
                "PIDs");
        for (int i = 0; i < names.size(); i++) {
            try {
                listing.add(row(names.get(i), answers.get(i).get(), arguments.is("no-trunc")));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof EngineException gone && gone.isNotFound())) {
                    throw new IOException(e.getCause());
                }
                // removed since the list was made
            }
        }
        return listing.format(Listing.chosen(arguments.text("format"), COLUMNS));
    }

    private static List<String> row(String name, Json stats, boolean full) {
        double used = memory(stats);
        double limit = stats.decimal("memory_stats", "limit");
        double read = 0;
        double written = 0;
        for (Json entry : stats.at("blkio_stats", "io_service_bytes_recursive").elements()) {
            switch (entry.text("op").toLowerCase(Locale.ROOT)) {
                case "read" -> read += entry.decimal("value");
                case "write" -> written += entry.decimal("value");
                default -> {
                    // other operations are parts of these
                }
            }
        }
        double received = 0;
        double sent = 0;
        for (Json network : stats.at("networks").members().values()) {
            received += network.decimal("rx_bytes");
            sent += network.decimal("tx_bytes");
        }
        String id = stats.text("id");
        return List.of(
                name,
                full ? id : Words.shortId(id),
                stats.text("name").replaceFirst("^/", ""),
                percent(cpu(stats)),
                Sizes.binary(used) + " / " + Sizes.binary(limit),
                percent(limit > 0 ? used / limit * 100 : 0),
                Sizes.decimal(received) + " / " + Sizes.decimal(sent),
                Sizes.decimal(read) + " / " + Sizes.decimal(written),
                "" + stats.number("pids_stats", "current"));
    }

    static double memory(Json stats) {
        double usage = stats.decimal("memory_stats", "usage");
        // pages that the kernel can drop at once are no use of memory; cgroup v1 and v2 name them differently
        for (String name : List.of("total_inactive_file", "inactive_file")) {
            double cache = stats.decimal("memory_stats", "stats", name);
            if (cache > 0 && cache < usage) {
                return usage - cache;
            }
        }
        return usage;
    }

    static double cpu(Json stats) {
        double own = stats.decimal("cpu_stats", "cpu_usage", "total_usage")
                - stats.decimal("precpu_stats", "cpu_usage", "total_usage");
        double all = stats.decimal("cpu_stats", "system_cpu_usage") - stats.decimal("precpu_stats", "system_cpu_usage");
        double cpus = stats.decimal("cpu_stats", "online_cpus");
        if (cpus == 0) {
            cpus = stats.at("cpu_stats", "cpu_usage", "percpu_usage").elements().size();
        }
        return all > 0 && own > 0 ? own / all * cpus * 100 : 0;
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }
}
