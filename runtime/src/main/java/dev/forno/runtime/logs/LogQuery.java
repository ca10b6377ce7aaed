package dev.forno.runtime.logs;

import dev.forno.runtime.tasks.OutputStreamName;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a log.
 *
 * @param streams which of the streams
 * @param tail only the last lines, -1 for all
 * @param since not before that time
 * @param until not after that time
 */
public record LogQuery(
        Set<OutputStreamName> streams,
        int tail,
        @Nullable Instant since,
        @Nullable Instant until) {
    /** Everything. */
    public static LogQuery all() {
        return new LogQuery(EnumSet.allOf(OutputStreamName.class), -1, null, null);
    }
}
