package dev.forno.engine.images;

import java.util.List;

/**
 * What a prune did.
 *
 * @param reclaimed freed space in bytes
 */
public record PruneReport(List<Removed> removed, long reclaimed) {}
