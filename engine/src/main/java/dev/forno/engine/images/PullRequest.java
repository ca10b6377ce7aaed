package dev.forno.engine.images;

import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import org.jspecify.annotations.Nullable;

/**
 * What to pull.
 *
 * @param reference with tag or digest, or with neither when {@code allTags}
 * @param allTags all tags of the repository
 * @param platform the platform asked for, or null for this machine's
 */
public record PullRequest(
        Reference reference, boolean allTags, @Nullable Platform platform, RegistryAuth auth) {
    /** One reference (completed with {@code :latest}) for this machine, without credentials. */
    public static PullRequest of(Reference reference) {
        return new PullRequest(reference.withDefaultTag(), false, null, RegistryAuth.NONE);
    }
}
