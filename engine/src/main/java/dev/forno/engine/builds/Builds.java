package dev.forno.engine.builds;

import dev.forno.engine.Trial;
import dev.forno.store.garbage.Roots;
import java.util.List;

/**
 * Builds images from Dockerfiles. Thread-safe; several builds may run at once.
 */
public interface Builds {

    /**
     * Builds an image and names it. Blocks until the image is there; progress goes to {@code listener} from the
     * calling thread and from threads of the build, one call at a time. Interrupting the calling thread cancels: the
     * running step is stopped, what was started is removed, and the call fails with kind CANCELLED.
     *
     * <p>A step whose command fails is an outcome ({@link BuildOutcome.StepFailed}), because its exit code is the
     * client's exit code. Everything else is thrown as a {@link dev.forno.oci.FornoException}: INVALID_ARGUMENT for a
     * malformed request, context or Dockerfile, NOT_FOUND for a base image or a copied file, NOT_IMPLEMENTED for what
     * this builder refuses. Errors thrown before the first progress call leave the listener untouched, so that a face
     * can still answer with an error status.
     */
    BuildOutcome build(BuildRequest request, BuildListener listener);

    /** The records of the build cache, most recently used first. */
    List<CacheRecord> cache();

    /**
     * Forgets records of the build cache; the next garbage collection frees what only they held. Records of a running
     * build are kept.
     */
    CachePruneReport prune(CachePruneRequest request);

    /** What {@link #prune} would do; nothing is changed. */
    CachePruneReport tryPrune(CachePruneRequest request, Trial trial);

    /** What the cache needs of the store. */
    Roots holds();

    /**
     * Makes the service and adds what the cache holds to {@code parts.roots()}. Removes what builds of an earlier engine left
     * unfinished.
     */
    static Builds open(BuildParts parts) {
        return DockerfileBuilds.open(parts);
    }
}
