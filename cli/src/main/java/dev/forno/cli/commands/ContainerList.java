package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.PortList;
import dev.forno.cli.values.Sizes;
import dev.forno.cli.values.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code ps}. */
final class ContainerList {
    private static final String COLUMNS =
            "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private static final int COMMAND_WIDTH = 20;
    private static final int MOUNT_WIDTH = 15;

    private ContainerList() {}

    static Command command() {
        return new Command("[OPTIONS]", "List containers", 0, 0, """
                -a, --all | Show stopped containers too
                -f, --filter filter | Show only what meets a condition, as status=exited
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                -n, --last int | Show the last created containers in any state (default -1)
                -l, --latest | Show the last created container in any state
                --no-trunc | Do not shorten values
                -q, --quiet | Print ids only
                -s, --size | Show the sizes of the containers' files
                """, ContainerList::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        String format = arguments.text("format");
        boolean size = arguments.is("size") || (format != null && format.contains(".Size"));
        long last = arguments.is("latest") ? 1 : arguments.number("last", -1);
        Json containers = session.engine()
                .get(Query.of("/containers/json")
                        .withFlag("all", arguments.is("all"))
                        .withNullable("limit", last > 0 ? "" + last : null)
                        .withFlag("size", size)
                        .withNullable("filters", Engine.filters(arguments.list("filter"))));
        boolean full = arguments.is("no-trunc");
        if (arguments.is("quiet") && format == null) {
            for (Json container : containers.elements()) {
                String id = container.text("Id");
                session.out().println(full ? id : Words.shortId(id));
            }
            return 0;
        }
        Listing listing = new Listing(
                "*formatter.ContainerContext",
                "ID:CONTAINER ID",
                "Image",
                "Command",
                "CreatedAt:CREATED AT",
                "RunningFor:CREATED",
                "Status",
                "State",
                "Ports",
                "Names",
                "Labels",
                "Mounts",
                "LocalVolumes:LOCAL VOLUMES",
                "Networks",
                "Size",
                "Platform");
        for (Json container : containers.elements()) {
            listing.add(
                    row(session, container, full), key -> container.at("Labels").text(key));
        }
        session.out().print(listing.format(Listing.chosen(format, COLUMNS + (size ? "\t{{.Size}}" : ""))));
        return 0;
    }

    private static List<String> row(Session session, Json container, boolean full) {
        Instant created = Instant.ofEpochSecond(container.number("Created"));
        String id = container.text("Id");
        String command = container.text("Command");
        return List.of(
                full ? id : Words.shortId(id),
                image(container, full),
                Words.quoted(full ? command : Words.cut(command, COMMAND_WIDTH)),
                Times.go(created, session.zone()),
                Times.ago(created, session.now()),
                container.text("Status"),
                container.text("State"),
                PortList.format(container.at("Ports")),
                names(container, full),
                Words.labels(container.at("Labels")),
                mounts(container, full),
                ""
                        + container.at("Mounts").elements().stream()
                                .filter(mount -> mount.text("Driver").equals("local"))
                                .count(),
                String.join(
                        ",",
                        container.at("NetworkSettings", "Networks").members().keySet()),
                size(container),
                "");
    }

    private static String image(Json container, boolean full) {
        String image = container.text("Image");
        if (image.isEmpty()) {
            return "<no image>";
        }
        if (full) {
            return image;
        }
        String imageId = Words.shortId(container.text("ImageID"));
        if (Words.shortId(image).equals(imageId)) {
            return imageId;
        }
        int at = image.indexOf('@');
        return at < 0 ? image : image.substring(0, at);
    }

    private static String names(Json container, boolean full) {
        List<String> names = new ArrayList<>();
        for (String name : container.texts("Names")) {
            String plain = name.startsWith("/") ? name.substring(1) : name;
            if (full || plain.indexOf('/') < 0) {
                names.add(plain);
            }
        }
        return String.join(",", names);
    }

    private static String mounts(Json container, boolean full) {
        List<String> mounts = new ArrayList<>();
        for (Json mount : container.at("Mounts").elements()) {
            String name = mount.text("Name").isEmpty() ? mount.text("Source") : mount.text("Name");
            mounts.add(full ? name : Words.cut(name, MOUNT_WIDTH));
        }
        return String.join(",", mounts);
    }

    private static String size(Json container) {
        String own = Sizes.decimal(container.decimal("SizeRw"));
        double whole = container.decimal("SizeRootFs");
        return whole > 0 ? own + " (virtual " + Sizes.decimal(whole) + ")" : own;
    }
}
