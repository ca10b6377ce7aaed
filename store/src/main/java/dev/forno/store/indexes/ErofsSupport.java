package dev.forno.store.indexes;

import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How EROFS indexes can be mounted.
 *
 * @param works the way that works, with the best caching that works in it; at most one, since no other is tried then
 * @param failures the ways that were tried and don't work, each with the reason
 */
public record ErofsSupport(Map<Way, Caching> works, Map<Way, String> failures) {
    /** Copies the maps. */
    public ErofsSupport {
        works = Map.copyOf(works);
        failures = Map.copyOf(failures);
    }

    /** The best way that works, or empty when none does. */
    public Optional<Way> way() {
        return works.keySet().stream().findFirst();
    }

    /**
     * How to mount: {@link Caching#DIRECT} where the file system of the layers allows it, so that the page cache doesn't
     * hold every byte twice.
     */
    public Caching caching() {
        return works.values().stream().findFirst().orElse(Caching.BUFFERED);
    }

    /** One line for users: {@code "file-backed"}, or why not. */
    public String summary() {
        String reasons = new TreeMap<>(failures)
                .entrySet().stream()
                        .map(e -> "not " + e.getKey() + ": " + e.getValue())
                        .collect(Collectors.joining("; "));
        if (way().isEmpty()) {
            return "EROFS indexes can't be mounted (" + reasons + ")";
        }
        String twice =
                caching() == Caching.BUFFERED ? ", contents cached twice: no direct reads on this file system" : "";
        return way().get() + twice + (reasons.isEmpty() ? "" : " (" + reasons + ")");
    }
}
