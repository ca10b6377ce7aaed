package dev.forno.store.indexes;

import dev.forno.linux.mounts.ErofsMount.Way;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How EROFS indexes can be mounted.
 *
 * @param failures the ways that don't work, each with the reason
 */
public record ErofsSupport(Map<Way, String> failures) {
    /** Copies the reasons. */
    public ErofsSupport {
        failures = Map.copyOf(failures);
    }

    /** The best way that works, or empty when none does. */
    public Optional<Way> way() {
        for (Way way : Way.values()) {
            if (!failures.containsKey(way)) {
                return Optional.of(way);
            }
        }
        return Optional.empty();
    }

    /** One line for users: {@code "file-backed"}, or why not. */
    public String summary() {
        String reasons = new TreeMap<>(failures)
                .entrySet().stream()
                        .map(e -> "not " + e.getKey() + ": " + e.getValue())
                        .collect(Collectors.joining("; "));
        return way().map(way -> reasons.isEmpty() ? way.toString() : way + " (" + reasons + ")")
                .orElse("EROFS indexes can't be mounted (" + reasons + ")");
    }
}
