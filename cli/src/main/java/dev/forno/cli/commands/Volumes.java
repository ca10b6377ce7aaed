package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Sizes;
import dev.forno.cli.values.Variables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code volume create}, {@code ls}, {@code rm}, {@code prune}. */
final class Volumes {
    private Volumes() {}

    static Command create() {
        return new Command("[OPTIONS] [VOLUME]", "Create a volume", 0, 1, """
                -d, --driver string | Driver (default "local")
                --label list | Set a label
                --name string | The same as the operand
                -o, --opt map | Option of the driver
                """, (session, arguments) -> {
            List<String> operands = arguments.operands();
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("Name", operands.isEmpty() ? arguments.text("name", "") : operands.getFirst());
            document.put("Driver", arguments.text("driver", "local"));
            document.put("DriverOpts", Variables.pairs(arguments.list("opt")));
            document.put("Labels", Variables.pairs(arguments.list("label")));
            session.out()
                    .println(session.engine().post("/volumes/create", document).text("Name"));
            return 0;
        });
    }

    static Command list() {
        return new Command("[OPTIONS]", "List volumes", 0, 0, """
                -f, --filter filter | Show only what meets a condition, as dangling=true
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                -q, --quiet | Print names only
                """, Volumes::list);
    }

    private static int list(Session session, Arguments arguments) throws IOException {
        Json answer = session.engine()
                .get(Query.of("/volumes").withNullable("filters", Engine.filters(arguments.list("filter"))));
        Listing listing = new Listing(
                "*formatter.volumeContext",
                "Driver",
                "Name:VOLUME NAME",
                "Scope",
                "Mountpoint",
                "Labels",
                "Links",
                "Size");
        List<Json> volumes = new ArrayList<>(answer.at("Volumes").elements());
        volumes.sort(java.util.Comparator.comparing(volume -> volume.text("Name")));
        for (Json volume : volumes) {
            Json usage = volume.at("UsageData");
            listing.add(
                    List.of(
                            volume.text("Driver"),
                            volume.text("Name"),
                            volume.text("Scope"),
                            volume.text("Mountpoint"),
                            Words.labels(volume.at("Labels")),
                            usage.isEmpty() ? "N/A" : usage.text("RefCount"),
                            usage.isEmpty() ? "N/A" : Sizes.decimal(usage.decimal("Size"))),
                    key -> volume.at("Labels").text(key));
        }
        String format = arguments.text("format");
        if (arguments.is("quiet") && format == null) {
            format = "{{.Name}}";
        }
        session.out().print(listing.format(Listing.chosen(format, "{{.Driver}}\t{{.Name}}")));
        return 0;
    }

    static Command remove() {
        return new Command(
                "[OPTIONS] VOLUME [VOLUME...]",
                "Remove volumes that no container uses",
                1,
                Command.ANY,
                """
                -f, --force | Do not complain about a volume that does not exist
                """,
                (session, arguments) -> Each.run(session, arguments.operands(), name -> {
                    boolean force = arguments.is("force");
                    try {
                        session.engine()
                                .delete(Query.of("/volumes/" + Query.segment(name))
                                        .withFlag("force", force));
                    } catch (EngineException e) {
                        if (!force || !e.isNotFound()) {
                            throw e;
                        }
                    }
                    session.out().println(name);
                }));
    }
}
