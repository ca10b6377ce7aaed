package dev.forno.engine.builds;

import java.util.List;

/**
 * What was forgotten.
 *
 * @param deleted the records' ids
 * @param reclaimedBytes bytes of layers that nothing holds any more
 */
public record CachePruneReport(List<String> deleted, long reclaimedBytes) {}
