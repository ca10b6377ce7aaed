package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Exchange with registries. Thread-safe; every call blocks until it is done, and an interrupt cancels it (what was fetched is
 * kept for the next attempt).
 */
public interface ImageTransfers {
    /**
     * Pulls an image (or all tags of a repository) and names it. Progress ends with Docker's {@code Digest:} and
     * {@code Status:} lines.
     *
     * @return the image, the last one for all tags
     * @see ErrorKind#NOT_FOUND no such repository, tag or platform, with Docker's texts
     * @see ErrorKind#UNAUTHENTICATED credentials are missing or wrong
     * @see ErrorKind#UNAVAILABLE the registry can't be reached
     */
    Image pull(PullRequest request, Progress.Listener listener);

    /**
     * Pushes a tag, or all tags of the repository when {@code reference} has none. Only blobs that the registry lacks are
     * sent. Each pushed tag is reported as {@link Progress.Pushed}.
     *
     * @see ErrorKind#NOT_FOUND there is no such image, with Docker's text
     */
    default void push(Reference reference, RegistryAuth auth, Progress.Listener listener) {
        push(reference, null, auth, listener);
    }

    /**
     * Pushes as {@link #push(Reference, RegistryAuth, Progress.Listener)}, but of an index the manifest of one platform alone.
     *
     * @param platform null for all that the name stands for: the index when all its manifests are here or at the registry, the
     *     one manifest that is here otherwise
     * @see ErrorKind#NOT_FOUND there is no such image or none for the platform, or several manifests of the index are here but
     *     not all
     */
    void push(Reference reference, @Nullable Platform platform, RegistryAuth auth, Progress.Listener listener);

    /**
     * Verifies credentials with a registry.
     *
     * @param serverAddress a host, or Docker Hub's {@code https://index.docker.io/v1/}
     * @return an identity token to keep in place of the password, or the empty string
     * @see ErrorKind#UNAUTHENTICATED the registry refuses them
     */
    String login(String serverAddress, RegistryAuth auth);
}
