package dev.forno;

import dev.forno.engine.system.EngineIdentity;
import dev.forno.linux.files.FullDisk;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryFiles;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Retention;
import dev.forno.registry.repositories.Storage;
import dev.forno.registry.server.EngineKey;
import dev.forno.store.Store;
import dev.forno.store.garbage.Collected;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The command {@code forno registry}: {@code serve} runs a registry by itself until a signal comes, {@code gc} removes what
 * nothing holds while it doesn't run.
 */
public final class RegistryDaemon {
    private static final Logger LOG = Logs.of(RegistryDaemon.class);
    private static final String USAGE = """
            Usage:  forno registry serve [OPTIONS]
                    forno registry gc [--state DIR] [--gc-grace TIME] [--upstream-keep TIME] [--upstream-size SIZE]

            Run a registry in the foreground; remove what nothing in a stopped registry needs

            Options:
                  --state DIR            Directory of the registry (default "/var/lib/forno-registry")
                  --listen ADDRESS       Address and port, may be repeated (default "127.0.0.1:5000")
                  --tls-cert FILE        Certificate (PEM); with --tls-key serves HTTPS
                  --tls-key FILE         Its private key (PEM)
                  --client-ca FILE       Let only clients in with a certificate of these authorities
                  --htpasswd FILE        Users and bcrypt hashes, as "htpasswd -B" writes them
                  --rights FILE          Who may do what: lines "user repository rights"
                  --token                Give users tokens (the way of Docker Hub) instead of asking for passwords
                  --public-url URL       Where clients reach it through a proxy, as https://registry.example.com; with --token
                  --upstream [NAME=]HOST Fetch repositories below NAME/ from another registry, may be repeated
                  --insecure-registry HOST  An upstream that speaks plain HTTP, beside loopback addresses
                  --upstream-ttl TIME    How long a fetched tag is served without asking again (default 10m)
                  --upstream-keep TIME   How long what was fetched stays that nobody asks for (default 7d, of gc 0s: for ever)
                  --upstream-size SIZE   How much of it stays, least recently used first to go, as 20g (default: any)
                  --sparse               Accept manifests before what they need
                  --gc-interval TIME     Time between collections of garbage (default 1h)
                  --gc-grace TIME        How long a blob stays that no manifest needs (default 1h)
                  --log-level LEVEL      debug, info, warn or error
            """;

    private RegistryDaemon() {}

    /** Runs the command. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> words = List.of(arguments);
        String verb = words.isEmpty() ? "" : words.getFirst();
        if (words.contains("--help") || words.contains("-h") || !(verb.equals("serve") || verb.equals("gc"))) {
            System.out.print(USAGE);
            System.exit(words.contains("--help") || words.contains("-h") ? 0 : 1);
        }
        try {
            run(verb, words.subList(1, words.size()));
        } catch (FornoException | IOException e) {
            Logs.configure("info");
            LOG.log(Level.ERROR, "registry " + verb + ": " + e.getMessage(), e);
            System.exit(1);
        }
    }

    private static void run(String verb, List<String> options) throws IOException, InterruptedException {
        Map<String, List<String>> values = RegistryArguments.alone().parse(options, "see forno registry serve --help");
        Logs.configure(values.getOrDefault("log-level", List.of("info")).getLast());
        Path state = Path.of(values.getOrDefault("state", List.of("/var/lib/forno-registry"))
                        .getLast())
                .toAbsolutePath()
                .normalize();
        RegistryConfig config = RegistryArguments.config(values, "", RegistryConfig.at("127.0.0.1:5000"));
        FullDisk.watch(state);
        Store store = open(state, verb.equals("gc"), InstantSource.system());
        if (verb.equals("gc")) {
            try (store) {
                clean(store, retention(config, values), InstantSource.system());
            }
            return;
        }
        RegistryClient client = new RegistryClient(RegistryOptions.DEFAULT
                .withInsecureRegistries(Set.copyOf(values.getOrDefault("insecure-registry", List.of())))
                .withFiles(RegistryFiles.usual(System.getenv()))
                .withEnvironment(System.getenv()));
        RegistryService service =
                RegistryService.start(config, store, state, client, EngineKey.NONE, () -> collect(store));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, store), "stop"));
        LOG.log(Level.INFO, "ready: serving " + state + " at " + service.endpoints());
        new CountDownLatch(1).await(); // until the process is told to stop
    }

    /**
     * Opens a registry's store. An engine's is refused: a registry by itself knows nothing of what images and containers hold.
     *
     * @param existing whether it must be there already
     * @throws FornoException {@code FAILED_PRECONDITION} when it is an engine's, {@code NOT_FOUND} when it must be there and isn't
     */
    static Store open(Path state, boolean existing, InstantSource clock) {
        if (Store.isIn(state.resolve("store"))) {
            throw ofEngine(state);
        }
        if (existing && !Store.isIn(state)) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND, "open registry " + state + ": no registry has been served from there");
        }
        Store store = Store.open(state, clock, SnapshotterChoice.UNPACK);
        if (EngineIdentity.isIn(store.database())) {
            store.close();
            throw ofEngine(state);
        }
        return store;
    }

    private static FornoException ofEngine(Path state) {
        return new FornoException(
                ErrorKind.FAILED_PRECONDITION,
                "open registry " + state
                        + ": it belongs to an engine, which serves and cleans it itself; use another --state");
    }

    /** What gc lets go of: of copies only what it is told, for it doesn't know what the registry was told to keep. */
    static Retention retention(RegistryConfig config, Map<String, List<String>> values) {
        Retention served = config.retention();
        Duration copies = values.containsKey("upstream-keep") ? served.copies() : Duration.ZERO;
        return new Retention(served.grace(), served.uploads(), copies, served.copyBytes());
    }

    /** What a registry does at intervals, for one that doesn't run. */
    static void clean(Store store, Retention retention, InstantSource clock) {
        Storage storage = new Storage(store.content(), store.database(), store.leases());
        try (Repositories repositories = new Repositories(storage, retention, clock)) {
            repositories.tidy();
        }
        collect(store);
    }

    private static void collect(Store store) {
        Collected collected = store.garbage().collect(() -> Repositories.roots(store.database()));
        if (!collected.blobs().isEmpty()) {
            LOG.log(Level.INFO, "removed " + collected.blobs().size() + " blobs, " + collected.bytes() + " bytes");
        }
    }

    private static void stop(RegistryService service, Store store) {
        service.close();
        store.close();
        Runtime.getRuntime().halt(0); // a stop by signal is no failure
    }
}
