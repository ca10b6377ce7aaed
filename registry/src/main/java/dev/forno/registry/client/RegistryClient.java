package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The way to registries. Thread-safe; holds connections and threads only after its first use, until closed.
 */
public final class RegistryClient implements AutoCloseable {
    private final RegistryOptions options;
    private final Wire wire;

    /** A client that has not connected to anything yet. */
    public RegistryClient(RegistryOptions options) {
        this.options = options;
        this.wire = new Wire(options);
    }

    /**
     * Opens the repository of a reference: finds out whether its registry speaks TLS and how it authenticates. Registries
     * on loopback addresses are spoken to in plain HTTP, or TLS when they don't answer that; all others by TLS.
     *
     * @throws FornoException {@link ErrorKind#UNAVAILABLE} when the registry doesn't answer
     */
    public Repository open(Reference reference, Credentials credentials, Access access) {
        Session session = Session.open(reference.registry(), credentials, wire, options);
        return new Repository(session, reference.repository(), access, options);
    }

    /**
     * Verifies credentials with a registry.
     *
     * @param server a host, possibly with scheme and path as Docker's clients send it
     * @return an identity token that may be kept in place of the password, or the empty string
     * @throws FornoException {@link ErrorKind#UNAUTHENTICATED} when they are refused
     */
    public String login(String server, Credentials credentials) {
        String registry = RegistryAddress.ofServer(server);
        List<URI> bases = RegistryAddress.candidates(registry, options.insecureRegistries());
        FornoException first = null;
        for (URI base : bases) {
            try {
                return new Login(base, wire, options).verify(credentials);
            } catch (FornoException e) {
                first = first == null ? e : first;
                boolean tryNext = e.kind() == ErrorKind.UNAVAILABLE || e.kind() == ErrorKind.INVALID_ARGUMENT;
                if (!tryNext || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
        throw Optional.ofNullable(first).orElseThrow();
    }

    /** Cancels what is under way and closes all connections. Idempotent. */
    @Override
    public void close() {
        wire.close();
    }
}
