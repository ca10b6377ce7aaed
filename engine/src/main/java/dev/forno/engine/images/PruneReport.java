package dev.forno.engine.images;

import java.util.List;

/**
 * What a removal or a prune did.
 *
 * @param reclaimed freed disk space in bytes
 */
public record PruneReport(List<Removed> removed, long reclaimed) {}
