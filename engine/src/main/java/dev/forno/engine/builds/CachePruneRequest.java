package dev.forno.engine.builds;

import dev.forno.engine.Filters;
import dev.forno.engine.Moments;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records of the build cache to forget.
 *
 * @param all whether records whose layers are held by images go too
 * @param unusedSince only records that no build has used since then; null for any
 * @param filters only records that all of these accept: id (a part of it), parent, type, description, inuse, shared,
 *     private, label
 * @param space how much stays
 */
public record CachePruneRequest(boolean all, @Nullable Instant unusedSince, Filters filters, Space space) {
    private static final Set<String> FIELDS =
            Set.of("id", "parent", "type", "description", "inuse", "shared", "private");
    private static final Set<String> KNOWN = Set.of(
            "until",
            "unused-for",
            "id",
            "parent",
            "type",
            "description",
            "inuse",
            "shared",
            "private",
            "label",
            "label!");

    /**
     * Bounds in bytes; zero is none.
     *
     * @param reserved what the cache may always hold
     * @param maxUsed what it may hold at most
     * @param minFree what shall be free on the disk afterwards
     */
    public record Space(long reserved, long maxUsed, long minFree) {
        /** No bound: everything chosen goes. */
        public static final Space ANY = new Space(0, 0, 0);

        /** Checks that no bound is negative. */
        public Space {
            if (reserved < 0 || maxUsed < 0 || minFree < 0) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "prune build cache: an amount of disk space can't be negative");
            }
        }

        /**
         * How many bytes the cache may go on to hold.
         *
         * @param total what it holds
         * @param free what is free on the disk
         */
        long kept(long total, long free) {
            if (equals(ANY)) {
                return 0;
            }
            long kept = maxUsed > 0 ? maxUsed : minFree > 0 ? total : 0;
            if (minFree > free) {
                kept = Math.min(kept, total - (minFree - free));
            }
            return Math.max(kept, reserved);
        }
    }

    /**
     * What a client asks for; throws {@link ErrorKind#INVALID_ARGUMENT} for other filters, and for several values of one.
     *
     * @param now the time that durations count back from
     */
    public static CachePruneRequest of(boolean all, Filters filters, Space space, Instant now) {
        filters.requireKnown(KNOWN);
        if (filters.has("until") && filters.has("unused-for")) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "conflicting filters: \"until\" and \"unused-for\"");
        }
        for (String field : FIELDS) {
            if (filters.get(field).size() > 1) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "more than one value for filter \"" + field + "\"");
            }
        }
        List<String> until = filters.has("until") ? filters.get("until") : filters.get("unused-for");
        if (until.size() > 1) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "more than one until filter specified");
        }
        return new CachePruneRequest(
                all, until.isEmpty() ? null : Moments.parse(until.getFirst(), now), filters, space);
    }

    /** Whether a record that is not in use goes, if space has to be made. */
    boolean takes(CacheRecord cached) {
        return !cached.inUse()
                && (all || !cached.shared())
                && (unusedSince == null || cached.lastUsedAt().isBefore(unusedSince))
                && (!filters.has("id") || cached.id().contains(filters.get("id").getFirst()))
                && filters.accepts("parent", cached.parent())
                && filters.accepts("type", "regular")
                && filters.accepts("description", cached.description())
                && isAsked("inuse", cached.inUse())
                && isAsked("shared", cached.shared())
                && isAsked("private", !cached.shared())
                && filters.acceptsLabels(java.util.Map.of()); // records carry no labels
    }

    /** A field that is true or false; named without a value it has to be true. */
    private boolean isAsked(String field, boolean value) {
        return !filters.values().containsKey(field) || filters.flag(field, true) == value;
    }
}
