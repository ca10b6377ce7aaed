package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.certificates.CertificateFolders;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.credentials.DockerConfig;
import dev.forno.registry.hosts.Addresses;
import dev.forno.registry.hosts.Host;
import dev.forno.registry.hosts.Hosts;
import dev.forno.registry.hosts.InsecureRegistries;
import java.time.Duration;
import java.util.List;

/**
 * The way to registries. Thread-safe; holds connections and threads only after its first use, until closed.
 */
public final class RegistryClient implements AutoCloseable {
    private static final Duration HELPER_TIMEOUT = Duration.ofSeconds(60);
    private static final int MIRROR_ATTEMPTS = 2;

    private final Hosts hosts;
    private final DockerConfig config;
    private final Wire wire;
    private final Retries retries;
    private final Retries mirrorRetries;
    private final Tokens tokens;
    private final Patience patience;
    private volatile OwnRegistry own = OwnRegistry.NONE;

    /**
     * A client that has not connected to anything yet.
     *
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for insecure registries that can't be understood
     */
    public RegistryClient(RegistryOptions options) {
        this.patience = options.patience();
        RegistryFiles files = options.files();
        this.hosts = new Hosts(
                new CertificateFolders(files.certificates()),
                files.registries(),
                new InsecureRegistries(options.insecureRegistries()),
                options.hubMirrors());
        this.config = new DockerConfig(
                files.credentials(), HELPER_TIMEOUT, options.environment().getOrDefault("PATH", ""));
        this.wire = new Wire(options, hosts);
        this.retries = new Retries(patience);
        this.mirrorRetries = new Retries(patience.withAttempts(Math.min(MIRROR_ATTEMPTS, patience.attempts())));
        this.tokens = new Tokens(wire, retries, new TokenCache(patience.clock()));
    }

    /** Tells of a registry that this process serves itself; {@link OwnRegistry#NONE} when it doesn't any more. */
    public void serves(OwnRegistry registry) {
        own = registry;
    }

    /**
     * Opens the repository of a reference at the registry and its mirrors: finds out whether they speak TLS and how they
     * authenticate. Registries on loopback addresses without certificates of their own are spoken to in plain HTTP, or TLS
     * when they don't answer that; all others by TLS, unless called insecure.
     *
     * @param credentials for the registry itself; those of the engine's own configuration serve in place of
     *     {@link Credentials#ANONYMOUS}, and for mirrors
     * @throws FornoException {@link ErrorKind#UNAVAILABLE} when there are no mirrors and the registry doesn't answer,
     *     {@link ErrorKind#PERMISSION_DENIED} for a blocked registry, {@link ErrorKind#FAILED_PRECONDITION} for settings that
     *     can't be understood; credentials that can't be had are told of when the registry asks for them
     */
    public Repository open(Reference reference, Credentials credentials, Access access) {
        List<Site> all = hosts.of(reference).stream()
                .map(own::introduce)
                .map(host -> new Site(host, h -> session(h, reference, credentials)))
                .toList();
        if (all.size() == 1) {
            all.getFirst().session();
        }
        return new Repository(new Sites(reference, all), access, patience);
    }

    private Session session(Host host, Reference reference, Credentials credentials) {
        boolean named = host.name().equals(Addresses.hostOf(reference.registry()));
        boolean given = named && !credentials.equals(Credentials.ANONYMOUS);
        KnownCredentials known = KnownCredentials.of(() -> given ? credentials : config.of(host.name()));
        return Session.open(host, known, wire, tokens, host.mirror() ? mirrorRetries : retries);
    }

    /**
     * Verifies credentials with a registry.
     *
     * @param server a host, possibly with scheme and path as Docker's clients send it
     * @return an identity token that may be kept in place of the password, or the empty string
     * @throws FornoException {@link ErrorKind#UNAUTHENTICATED} when they are refused
     */
    public String login(String server, Credentials credentials) {
        Host host = hosts.forLogin(Addresses.ofServer(server));
        return new Login(Contact.make(host, wire, retries), wire, retries, tokens).verify(credentials);
    }

    /** Cancels what is under way and closes all connections. Idempotent. */
    @Override
    public void close() {
        wire.close();
    }
}
