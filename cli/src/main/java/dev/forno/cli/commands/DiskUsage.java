package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Table;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Sizes;
import dev.forno.cli.values.Times;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;

/** {@code system df}. */
final class DiskUsage {
    private DiskUsage() {}

    static Command command() {
        return new Command("[OPTIONS]", "Show how much space is used", 0, 0, """
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                -v, --verbose | Show each object
                """, DiskUsage::run);
    }

    private record Usage(String type, long count, long active, double size, double reclaimable) {}

    private static int run(Session session, Arguments arguments) throws IOException {
        if (arguments.is("verbose")) {
            Query everything = Query.of("/system/df");
            List.of("image", "container", "volume", "build-cache", "storage")
                    .forEach(kind -> everything.with("type", kind));
            Json usage = session.engine().get(everything);
            verbose(session, usage);
            StorageUsage.print(session, usage.at("Storage"));
            return 0;
        }
        Json usage = session.engine().get("/system/df");
        Listing listing =
                new Listing("*formatter.diskUsageContext", "Type", "TotalCount:TOTAL", "Active", "Size", "Reclaimable");
        for (Usage kind : List.of(images(usage), containers(usage), volumes(usage), cache(usage))) {
            String free = Sizes.decimal(kind.reclaimable);
            boolean share = kind.size > 0 && !kind.type.equals("Build Cache");
            listing.add(List.of(
                    kind.type,
                    "" + kind.count,
                    "" + kind.active,
                    Sizes.decimal(kind.size),
                    share ? free + " (" + (long) (kind.reclaimable * 100 / kind.size) + "%)" : free));
        }
        session.out()
                .print(listing.format(Listing.chosen(
                        arguments.text("format"),
                        "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}")));
        return 0;
    }

    /** A layer that a used image shares with an unused one can't be reclaimed, so the engine adds up layers. */
    private static Usage images(Json usage) {
        Json images = usage.at("ImageUsage");
        return new Usage(
                "Images",
                (long) images.decimal("TotalCount"),
                (long) images.decimal("ActiveCount"),
                images.decimal("TotalSize"),
                images.decimal("Reclaimable"));
    }

    private static Usage containers(Json usage) {
        double size = 0;
        double free = 0;
        long active = 0;
        List<Json> containers = usage.at("Containers").elements();
        for (Json container : containers) {
            size += container.decimal("SizeRw");
            if (container.text("State").matches("running|paused|restarting")) {
                active++;
            } else {
                free += container.decimal("SizeRw");
            }
        }
        return new Usage("Containers", containers.size(), active, size, free);
    }

    private static Usage volumes(Json usage) {
        double size = 0;
        double free = 0;
        long active = 0;
        List<Json> volumes = usage.at("Volumes").elements();
        for (Json volume : volumes) {
            double own = Math.max(0, volume.decimal("UsageData", "Size"));
            size += own;
            if (volume.number("UsageData", "RefCount") > 0) {
                active++;
            } else {
                free += own;
            }
        }
        return new Usage("Local Volumes", volumes.size(), active, size, free);
    }

    private static Usage cache(Json usage) {
        double size = 0;
        double free = 0;
        long active = 0;
        List<Json> records = usage.at("BuildCache").elements();
        for (Json entry : records) {
            double own = entry.is("Shared") ? 0 : entry.decimal("Size");
            size += own;
            if (entry.is("InUse")) {
                active++;
            } else {
                free += own;
            }
        }
        return new Usage("Build Cache", records.size(), active, size, free);
    }

    private static void verbose(Session session, Json usage) {
        PrintStream out = session.out();
        Table images =
                table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS");
        for (Json image : usage.at("Images").elements()) {
            List<String> tags = image.texts("RepoTags");
            String name = tags.isEmpty() ? "<none>:<none>" : tags.getFirst();
            double shared = Math.max(0, image.decimal("SharedSize"));
            images.add(List.of(
                    name.substring(0, name.lastIndexOf(':')), name.substring(name.lastIndexOf(':') + 1),
                    Words.shortId(image.text("Id")), ago(session, image.number("Created")),
                    Sizes.decimal(image.decimal("Size")), Sizes.decimal(shared),
                    Sizes.precise(image.decimal("Size") - shared), "" + Math.max(0, image.number("Containers"))));
        }
        out.println("Images space usage:\n\n" + images);
        Table containers =
                table("CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES");
        for (Json container : usage.at("Containers").elements()) {
            long volumes = container.at("Mounts").elements().stream()
                    .filter(mount -> mount.text("Type").equals("volume"))
                    .count();
            containers.add(List.of(
                    Words.shortId(container.text("Id")), container.text("Image"),
                    Words.quoted(Words.cut(container.text("Command"), 20)), "" + volumes,
                    Sizes.decimal(container.decimal("SizeRw")), ago(session, container.number("Created")),
                    container.text("Status"),
                            String.join(",", container.texts("Names")).replaceFirst("^/", "")));
        }
        out.println("Containers space usage:\n\n" + containers);
        Table volumes = table("VOLUME NAME", "LINKS", "SIZE");
        for (Json volume : usage.at("Volumes").elements()) {
            volumes.add(List.of(
                    volume.text("Name"),
                    volume.text("UsageData", "RefCount"),
                    Sizes.decimal(Math.max(0, volume.decimal("UsageData", "Size")))));
        }
        out.println("Local Volumes space usage:\n\n" + volumes);
        Table cache = table("CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED");
        for (Json entry : usage.at("BuildCache").elements()) {
            cache.add(List.of(
                    Words.shortId(entry.text("ID")),
                    entry.text("Type"),
                    Sizes.decimal(entry.decimal("Size")),
                    Times.ago(Times.parse(entry.text("CreatedAt")), session.now()),
                    entry.text("LastUsedAt").isEmpty()
                            ? ""
                            : Times.ago(Times.parse(entry.text("LastUsedAt")), session.now()),
                    entry.text("UsageCount"),
                    "" + entry.is("Shared")));
        }
        out.print("Build cache usage: " + Sizes.decimal(cache(usage).size) + "\n\n" + cache);
    }

    private static String ago(Session session, long seconds) {
        return Times.ago(Instant.ofEpochSecond(seconds), session.now());
    }

    private static Table table(String... titles) {
        Table table = new Table();
        table.add(List.of(titles));
        return table;
    }
}
