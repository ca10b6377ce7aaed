package dev.forno.runtime.logs;

import dev.forno.runtime.tasks.OutputStreamName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the last entries of a log begin. Entries are joined from lines of which nobody knows how many there are, so a
 * number of lines is tried, and more when they were too few.
 */
final class LogTail {
    /** Beyond the wanted entries, one per stream may be cut off at the front. */
    private static final int SLACK = 2;

    private static final int GROWTH = 8;

    /**
     * A place in a log.
     *
     * @param entries how many entries are to be passed over from there
     */
    record Start(Path file, long offset, long entries) {}

    private LogTail() {}

    /** The beginning of the last {@code count} entries; empty for an empty log. */
    static Optional<Start> find(Path log, int count) throws IOException {
        for (long lines = (long) count + SLACK; ; lines *= GROWTH) {
            List<Path> files = LogFiles.all(log);
            Optional<Start> place = linesBack(files, lines);
            if (place.isEmpty()) {
                return Optional.empty();
            }
            Start start = place.get();
            boolean atBeginning = start.offset == 0 && start.file.equals(files.getFirst());
            Count counted = count(files, start);
            long surplus = counted.entries - count;
            // the first of each stream may lack its beginning: all of those must be passed over
            if (atBeginning || surplus >= counted.lastOfFirsts) {
                return Optional.of(new Start(start.file, start.offset, Math.max(0, surplus)));
            }
        }
    }

    /**
     * Entries from a place on.
     *
     * @param lastOfFirsts how many entries there are up to the last one that is the first of its stream
     */
    private record Count(long entries, long lastOfFirsts) {}

    private static Optional<Start> linesBack(List<Path> files, long lines) throws IOException {
        long wanted = lines;
        Optional<Start> start = Optional.empty();
        for (Path file : files.reversed()) {
            try (LogFile open = LogFile.open(file).orElse(null)) {
                if (open == null) {
                    continue;
                }
                long offset = open.startOfLast(wanted);
                start = Optional.of(new Start(file, offset, 0));
                if (offset > 0) {
                    break;
                }
                wanted -= countLines(open);
                if (wanted <= 0) {
                    break;
                }
            }
        }
        return start;
    }

    private static long countLines(LogFile file) throws IOException {
        file.seek(0);
        long lines = 0;
        while (file.next().isPresent()) {
            lines++;
        }
        return lines;
    }

    private static Count count(List<Path> files, Start start) throws IOException {
        LineJoiner joiner = new LineJoiner();
        long entries = 0;
        long lastOfFirsts = 0;
        List<OutputStreamName> seen = new ArrayList<>();
        for (Path path : files.subList(files.indexOf(start.file), files.size())) {
            try (LogFile file = LogFile.open(path).orElse(null)) {
                if (file == null) {
                    continue;
                }
                file.seek(path.equals(start.file) ? start.offset : 0);
                for (Optional<byte[]> line = file.next(); line.isPresent(); line = file.next()) {
                    Optional<LogEntry> entry = LogLine.parse(line.get()).flatMap(joiner::add);
                    if (entry.isPresent()) {
                        entries++;
                        if (!seen.contains(entry.get().stream())) {
                            seen.add(entry.get().stream());
                            lastOfFirsts = entries;
                        }
                    }
                }
            }
        }
        return new Count(entries + joiner.rest().size(), lastOfFirsts);
    }
}
