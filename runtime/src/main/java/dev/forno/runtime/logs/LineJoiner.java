package dev.forno.runtime.logs;

import dev.forno.runtime.tasks.OutputStreamName;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins the parts of lines that the monitor wrote as it got them. Not thread-safe. */
final class LineJoiner {
    /** A line without end doesn't fill the memory: it is given in pieces of this size. */
    private static final int MAX_BYTES = 1 << 20;

    private final Map<OutputStreamName, Part> parts = new EnumMap<>(OutputStreamName.class);

    private record Part(Instant time, ByteArrayOutputStream bytes) {}

    /** The entry that the line completes, if it does. */
    Optional<LogEntry> add(LogLine line) {
        Part part = parts.computeIfAbsent(line.stream(), s -> new Part(line.time(), new ByteArrayOutputStream()));
        part.bytes.writeBytes(line.text());
        if (line.complete()) {
            part.bytes.write('\n');
        } else if (part.bytes.size() < MAX_BYTES) {
            return Optional.empty();
        }
        parts.remove(line.stream());
        return Optional.of(new LogEntry(part.time, line.stream(), part.bytes.toByteArray()));
    }

    /** What was never completed, at the end. */
    List<LogEntry> rest() {
        List<LogEntry> rest = new ArrayList<>();
        parts.forEach((stream, part) -> rest.add(new LogEntry(part.time, stream, part.bytes.toByteArray())));
        parts.clear();
        return rest;
    }
}
