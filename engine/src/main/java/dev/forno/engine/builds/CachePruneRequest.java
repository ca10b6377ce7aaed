package dev.forno.engine.builds;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which records of the build cache to forget.
 *
 * @param all whether records whose layers are held by images go too
 * @param unusedSince only records that no build has used since then; null for any
 * @param id only the record with this id; null for any
 * @param keepBytes how many bytes of most recently used records stay, 0 for none
 */
public record CachePruneRequest(
        boolean all,
        @Nullable Instant unusedSince,
        @Nullable String id,
        long keepBytes) {}
