package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Sizes;
import dev.forno.cli.values.Times;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** {@code history}. */
final class ImageHistory {
    private static final int CREATED_BY_WIDTH = 45;

    private ImageHistory() {}

    static Command command() {
        return new Command("[OPTIONS] IMAGE", "Show the history of an image", 1, 1, """
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                -H, --human | Print sizes and dates for people (default true)
                --no-trunc | Do not shorten values
                --platform string | Show the history for a platform, as linux/amd64
                -q, --quiet | Print ids only
                """, ImageHistory::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        Json layers = session.engine()
                .get(Query.of("/images/" + Query.segment(arguments.operand(0)) + "/history")
                        .withNullable("platform", Platforms.document(arguments.text("platform"))));
        boolean full = arguments.is("no-trunc");
        boolean human = arguments.is("human", true);
        Listing listing = new Listing(
                "*formatter.historyContext",
                "ID:IMAGE",
                "CreatedAt:CREATED AT",
                "CreatedSince:CREATED",
                "CreatedBy:CREATED BY",
                "Size",
                "Comment");
        for (Json layer : layers.elements()) {
            Instant created = Instant.ofEpochSecond(layer.number("Created"));
            String id = layer.text("Id");
            String by = layer.text("CreatedBy").replace('\t', ' ');
            listing.add(List.of(
                    full ? id : Words.shortId(id),
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(created.atOffset(ZoneOffset.UTC)),
                    created.getEpochSecond() <= 0 ? "N/A" : Times.ago(created, session.now()),
                    full ? by : Words.cut(by, CREATED_BY_WIDTH),
                    human ? Sizes.decimal(layer.decimal("Size")) : layer.text("Size"),
                    layer.text("Comment")));
        }
        String format = arguments.text("format");
        if (arguments.is("quiet") && format == null) {
            format = "{{.ID}}";
        }
        String columns = "{{.ID}}\t" + (human ? "{{.CreatedSince}}" : "{{.CreatedAt}}")
                + "\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
        session.out().print(listing.format(Listing.chosen(format, columns)));
        return 0;
    }
}
