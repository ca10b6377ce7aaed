package dev.forno.runtime.logs;

import dev.forno.runtime.tasks.OutputStreamName;
import java.io.IOException;
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
     * @param file which of the files, 0 being the oldest
     * @param entries how many entries are to be passed over from there
     */
    record Start(int file, long offset, long entries) {}

    private LogTail() {}

    /** The beginning of the last {@code count} entries. */
    static Start find(List<LogFile> files, int count) throws IOException {
        for (long lines = (long) count + SLACK; ; lines *= GROWTH) {
            Start start = linesBack(files, lines);
            boolean atBeginning = start.offset == 0 && start.file == 0;
            Count counted = count(files, start);
            long surplus = counted.entries - count;
            // the first of each stream may lack its beginning: all of those must be passed over
            if (atBeginning || surplus >= counted.lastOfFirsts) {
                return new Start(start.file, start.offset, Math.max(0, surplus));
            }
        }
    }

    /**
     * Entries from a place on.
     *
     * @param lastOfFirsts how many entries there are up to the last one that is the first of its stream
     */
    private record Count(long entries, long lastOfFirsts) {}

    private static Start linesBack(List<LogFile> files, long lines) throws IOException {
        long wanted = lines;
        for (int i = files.size() - 1; i >= 0; i--) {
            long offset = files.get(i).startOfLast(wanted);
            wanted -= offset > 0 ? wanted : countLines(files.get(i));
            if (wanted <= 0) {
                return new Start(i, offset, 0);
            }
        }
        return new Start(0, 0, 0);
    }

    private static long countLines(LogFile file) throws IOException {
        file.seek(0);
        long lines = 0;
        while (file.next().isPresent()) {
            lines++;
        }
        return lines;
    }

    private static Count count(List<LogFile> files, Start start) throws IOException {
        LineJoiner joiner = new LineJoiner();
        long entries = 0;
        long lastOfFirsts = 0;
        List<OutputStreamName> seen = new ArrayList<>();
        for (int i = start.file; i < files.size(); i++) {
            LogFile file = files.get(i);
            file.seek(i == start.file ? start.offset : 0);
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
        return new Count(entries + joiner.rest().size(), lastOfFirsts);
    }
}
