package dev.forno.registry.repositories;

import java.time.Duration;

/**
 * How long a registry keeps what nobody needs, and how much of what it can fetch again.
 *
 * @param grace how long a blob that no manifest needs stays, counted from when somebody last pushed or looked for it
 * @param uploads how long after its begin an unfinished upload may go on
 * @param copies how long copies of other registries' manifests and blobs stay that nobody asks for; for ever when zero
 * @param copyBytes how many bytes the copies' blobs may have together, in what nobody used within {@code grace}; any number
 *     when zero
 */
public record Retention(Duration grace, Duration uploads, Duration copies, long copyBytes) {
    /** An hour, a day, seven days, any number of bytes. */
    public static final Retention DEFAULT =
            new Retention(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7), 0);
}
