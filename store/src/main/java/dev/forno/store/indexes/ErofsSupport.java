package dev.forno.store.indexes;

import dev.forno.linux.mounts.ErofsMount;
import java.util.Map;
import java.util.Optional;

/**
 * How EROFS indexes can be mounted.
 *
 * @param failures the ways that don't work, each with the reason
 */
public record ErofsSupport(Map<ErofsMount.Way, String> failures) {
    /** Copies the reasons. */
    public ErofsSupport {
        failures = Map.copyOf(failures);
    }

    /** The best way that works, or empty when none does. */
    public Optional<ErofsMount.Way> way() {
        for (ErofsMount.Way way : ErofsMount.Way.values()) {
            if (!failures.containsKey(way)) {
                return Optional.of(way);
            }
        }
        return Optional.empty();
    }

    /** One line for users: {@code "file-backed"}, or why not. */
    public String summary() {
        return Pending.of();
    }
}
