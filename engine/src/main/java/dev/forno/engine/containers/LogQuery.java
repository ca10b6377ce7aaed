package dev.forno.engine.containers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to read of a log.
 *
 * @param follow go on with new lines until the container stops
 * @param since only entries not before, or null
 * @param until only entries not after, or null
 * @param tail at most so many of the last lines to begin with, negative for all
 */
public record LogQuery(
        boolean stdout,
        boolean stderr,
        boolean follow,
        @Nullable Instant since,
        @Nullable Instant until,
        int tail) {
    /** Everything so far. */
    public static final LogQuery ALL = new LogQuery(true, true, false, null, null, -1);
}
