package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.cli.tables.Table;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Sizes;
import java.util.Arrays;
import java.util.List;

/** The sections of {@code system df -v} that account for every byte on the disk. */
final class StorageUsage {
    /** Kinds as the API names them, in the order shown, and as people read them. */
    private enum Kind {
        LAYER("Layers"),
        INDEX("Merged image indexes"),
        BLOB("Blobs, kept for push"),
        CONTAINER("Containers' own files"),
        LOG("Containers' logs"),
        VOLUME("Volumes"),
        PARTIAL("Partial downloads"),
        TEMPORARY("Temporary files"),
        METADATA("Metadata"),
        OTHER("Directories and other");

        private final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    private StorageUsage() {}

    static void print(Session session, Json storage) {
        List<Json> items = storage.at("Items").elements();
        Table kinds = new Table();
        kinds.add(List.of("ON DISK", "COUNT", "SIZE", "RECLAIMABLE"));
        double reclaimable = 0;
        for (Kind kind : Kind.values()) {
            List<Json> own = items.stream().filter(item -> isOf(item, kind)).toList();
            double free =
                    size(own.stream().filter(item -> item.is("Reclaimable")).toList());
            reclaimable += free;
            kinds.add(List.of(kind.title, "" + own.size(), Sizes.decimal(size(own)), Sizes.decimal(free)));
        }
        kinds.add(List.of(
                "Total", "" + items.size(), Sizes.decimal(storage.decimal("TotalSize")), Sizes.decimal(reclaimable)));
        session.out().print("\nStorage usage, each file once:\n\n" + kinds);
        session.out().print("\nWho holds it:\n\n" + holders(items));
    }

    private static Table holders(List<Json> items) {
        Table table = new Table();
        table.add(List.of("KIND", "NAME", "SIZE", "HELD BY"));
        Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.OTHER && kind != Kind.METADATA)
                .forEach(kind -> items.stream().filter(item -> isOf(item, kind)).forEach(item -> {
                    String held = String.join(", ", item.texts("Holders"));
                    table.add(List.of(
                            item.text("Kind"),
                            name(item.text("Name")),
                            Sizes.decimal(item.decimal("Size")),
                            held.isEmpty() ? "-" : held));
                }));
        return table;
    }

    private static String name(String name) {
        String plain = name.startsWith("sha256:") ? name.substring("sha256:".length()) : name;
        return plain.matches("[0-9a-f]{64}") ? Words.shortId(plain) : name;
    }

    private static boolean isOf(Json item, Kind kind) {
        return item.text("Kind").equalsIgnoreCase(kind.name());
    }

    private static double size(List<Json> items) {
        return items.stream().mapToDouble(item -> item.decimal("Size")).sum();
    }
}
