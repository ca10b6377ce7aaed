package dev.forno.runtime.logs;

import dev.forno.runtime.tasks.OutputStreamName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;

/**
 * A line of a log file in the k8s-file format: {@code time stream F|P text}.
 *
 * @param complete F: the text ended with a line end; P: it goes on in the stream's next line
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record LogLine(Instant time, OutputStreamName stream, boolean complete, byte[] text) {
    private static final int LONGEST_HEAD = 64;

    /** Reads a line; empty for one that is none, as a full disk may leave. */
    static Optional<LogLine> parse(byte[] line) {
        int first = indexOf(line, 0);
        int second = first < 0 ? -1 : indexOf(line, first + 1);
        if (second < 0 || second + 2 > line.length || (line.length > second + 2 && line[second + 2] != ' ')) {
            return Optional.empty();
        }
        String head = new String(line, 0, second, StandardCharsets.ISO_8859_1);
        char tag = (char) line[second + 1];
        String stream = head.substring(first + 1);
        if ((tag != 'F' && tag != 'P') || !(stream.equals("stdout") || stream.equals("stderr"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LogLine(
                    OffsetDateTime.parse(head.substring(0, first)).toInstant(),
                    stream.equals("stderr") ? OutputStreamName.STDERR : OutputStreamName.STDOUT,
                    tag == 'F',
                    line.length > second + 3 ? Arrays.copyOfRange(line, second + 3, line.length) : new byte[0]));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int indexOf(byte[] line, int from) {
        for (int i = from; i < Math.min(line.length, LONGEST_HEAD); i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
