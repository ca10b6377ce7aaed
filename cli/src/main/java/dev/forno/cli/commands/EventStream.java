package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.templates.Template;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code events}. */
final class EventStream {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX", Locale.ROOT);

    private EventStream() {}

    static Command command() {
        return new Command("[OPTIONS]", "Show what happens in the engine, as it happens", 0, 0, """
                -f, --filter filter | Show only what meets a condition, as type=container
                --format string | Print with a template, or 'json'
                --since string | Begin with events after a time or since a while
                --until string | End with events before a time
                """, EventStream::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        String format = arguments.text("format", "");
        Template template = format.isEmpty() ? null : Template.parse(format.equals("json") ? "{{json .}}" : format);
        Query query = Query.of("/events")
                .withNullable("since", ContainerViews.moment(session, arguments.text("since")))
                .withNullable("until", ContainerViews.moment(session, arguments.text("until")))
                .withNullable("filters", Engine.filters(arguments.list("filter")));
        try (ClientResponse response = session.engine().open(ClientRequest.get(query.toString()));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    session.out().println(text(Json.parse(line), template, session.zone()));
                    session.out().flush();
                }
            }
        }
        return 0;
    }

    static String text(Json event, @Nullable Template template, ZoneId zone) {
        if (template != null) {
            return template.render(event.value());
        }
        long nanos = event.number("timeNano");
        Instant time = Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
        List<String> attributes = new ArrayList<>();
        new TreeMap<>(event.at("Actor", "Attributes").members())
                .forEach((name, value) -> attributes.add(name + "=" + value.text()));
        return TIME.format(time.atZone(zone)) + " " + event.text("Type") + " " + event.text("Action") + " "
                + event.text("Actor", "ID") + (attributes.isEmpty() ? "" : " (" + String.join(", ", attributes) + ")");
    }
}
