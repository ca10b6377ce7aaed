package dev.forno.registry.client;

import dev.forno.oci.Digest;
import java.net.URI;
import java.util.Optional;

/**
 * Remembers where uploads go on that broke off, so that a later push sends the rest only, also one of a later process. The
 * addresses may hold what a registry signed: they are for nobody's eyes. Thread-safe.
 */
@FunctionalInterface
public interface UploadMemory {
    /** Remembers nothing. */
    UploadMemory NONE = (registry, repository, blob) -> Note.EMPTY;

    /**
     * What is known of a blob's upload; until it is closed, nobody else gets it.
     *
     * @param registry {@code scheme://host[:port]}
     */
    Note open(String registry, String repository, Digest blob);

    /** What is known of one upload. Used by one thread; losing it costs no more than sending everything. */
    interface Note extends AutoCloseable {
        /** Knows nothing. */
        Note EMPTY = new Note() {
            @Override
            public Optional<URI> address() {
                return Optional.empty();
            }

            @Override
            public void keep(URI address) {
                // Nothing is remembered.
            }

            @Override
            public void forget() {
                // Nothing was remembered.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };

        /** Where it went on when it was last heard of. */
        Optional<URI> address();

        /** Remembers where it goes on from now. */
        void keep(URI address);

        /** It is done, or will never be. */
        void forget();

        @Override
        void close();
    }
}
