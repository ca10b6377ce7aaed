package dev.forno.registry.upstreams;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.client.Access;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.Repository;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.documents.TagRecord;
import dev.forno.registry.repositories.Checks;
import dev.forno.registry.repositories.Repositories;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Fetches manifests of other registries when somebody asks for them. A tag is believed for a while, then asked for again;
 * when its registry can't be reached, what is here is served on. Everyone who asks at the same time shares one request.
 * Thread-safe.
 */
public final class PullThrough implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PullThrough.class.getName());

    /** After a failure the upstream is left alone for so long, where something is here. */
    private static final Duration REST = Duration.ofSeconds(15);

    private final List<Upstream> upstreams;
    private final RegistryClient client;
    private final Repositories repositories;
    private final Duration ttl;
    private final Duration patience;
    private final InstantSource clock;
    private final Errands errands = new Errands();
    private final SharedWork<Freshness> refreshes = new SharedWork<>(errands);
    private final SharedWork<List<String>> listings = new SharedWork<>(errands);
    private final Map<String, Instant> unreachable = new ConcurrentHashMap<>();

    /**
     * @param client its owner closes it, after this
     * @param ttl how long a tag is served without asking again
     * @param patience how long an answer is waited for where something is here that can be served
     */
    public PullThrough(
            List<Upstream> upstreams,
            RegistryClient client,
            Repositories repositories,
            Duration ttl,
            Duration patience,
            InstantSource clock) {
        this.upstreams = List.copyOf(upstreams);
        this.client = client;
        this.repositories = repositories;
        this.ttl = ttl;
        this.patience = patience;
        this.clock = clock;
    }

    /** Whether what is here of a manifest is what its registry has. */
    public enum Freshness {
        /** It is, or was a short while ago. */
        FRESH,
        /** Its registry can't be asked. */
        STALE
    }

    /** Where the content of a repository comes from; empty when it is kept here alone. */
    public Optional<Reference> origin(String repository) {
        return upstreams.stream().flatMap(up -> up.origin(repository).stream()).findFirst();
    }

    /** The name here of a repository of another registry, by the host that clients call that. */
    public Optional<String> local(String host, String repository) {
        return upstreams.stream()
                .filter(up -> up.host().equals(host))
                .map(up -> up.local(repository))
                .findFirst();
    }

    /** Opens the repository that is the origin. */
    Repository open(Reference origin) {
        return client.open(origin, Credentials.ANONYMOUS, Access.PULL);
    }

    /** What goes on at other registries. */
    Errands errands() {
        return errands;
    }

    /** Breaks off what is under way, of {@link BlobFetches} too, and waits for its end. Idempotent. */
    @Override
    public void close() {
        errands.close();
    }

    /**
     * The origin's tags; empty when it can't be asked now, but something of the repository is here.
     *
     * @throws FornoException {@link ErrorKind#UNAVAILABLE} when it can't be asked and nothing is here
     */
    public Optional<List<String>> tags(String repository, Reference origin) throws InterruptedException {
        boolean here = repositories.tags().knows(repository);
        return ask(listings, new Question<>(repository, origin, here, () -> open(origin)
                .tags()));
    }

    /**
     * Makes sure that a manifest is here as it is at its origin. When it isn't there either, nothing is here afterwards.
     *
     * @throws FornoException {@link ErrorKind#UNAVAILABLE} when it isn't here and the origin can't be asked
     */
    public Freshness refresh(String repository, Reference origin, Digest digest) throws InterruptedException {
        if (repositories.manifests().find(repository, digest).isPresent()) {
            return Freshness.FRESH;
        }
        return ask(refreshes, new Question<>(repository + "@" + digest, origin, false, () -> {
                    fetch(repository, open(origin), origin.withDigest(digest));
                    return Freshness.FRESH;
                }))
                .orElseThrow(); // nothing is here that could be stale
    }

    /** The same for the manifest that a tag names. */
    public Freshness refresh(String repository, Reference origin, String tag) throws InterruptedException {
        Optional<TagRecord> known = repositories.tags().find(repository, tag);
        if (known.isPresent()
                && clock.instant()
                        .isBefore(Instant.ofEpochMilli(known.get().checked()).plus(ttl))) {
            return Freshness.FRESH;
        }
        boolean here = known.isPresent();
        return ask(
                        refreshes,
                        new Question<>(repository + ":" + tag, origin, here, () -> follow(repository, origin, tag)))
                .orElse(Freshness.STALE);
    }

    /**
     * What a registry is asked.
     *
     * @param key the same for who asks the same
     * @param here whether there is something to serve without an answer
     */
    private record Question<T>(String key, Reference origin, boolean here, Supplier<T> request) {}

    /**
     * The answer; empty when it doesn't come in time and something is here. A registry that lately didn't answer is waited for
     * only so long in any case; what was asked goes on, and may be answered later.
     */
    private <T> Optional<T> ask(SharedWork<T> work, Question<T> question) throws InterruptedException {
        String registry = question.origin().registry();
        Instant rested = unreachable.get(registry);
        boolean resting = rested != null && clock.instant().isBefore(rested);
        if (resting && question.here()) {
            return Optional.empty();
        }
        Supplier<T> request = () -> {
            T answer = question.request().get();
            unreachable.remove(registry);
            return answer;
        };
        try {
            if (!resting && !question.here()) {
                return Optional.of(work.run(question.key(), request));
            }
            Optional<T> answer = work.run(question.key(), request, patience);
            if (answer.isEmpty()) {
                throw new FornoException(
                        ErrorKind.UNAVAILABLE,
                        "ask " + registry + ": it has not answered within " + patience.toSeconds() + " s");
            }
            return answer;
        } catch (FornoException e) {
            if (!question.here() || e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            unreachable.put(registry, clock.instant().plus(REST));
            LOG.log(Level.WARNING, e.getMessage() + "; for " + REST.toSeconds() + " s, what is here is served instead");
            return Optional.empty();
        }
    }

    private Freshness follow(String repository, Reference origin, String tag) {
        Optional<TagRecord> known = repositories.tags().find(repository, tag);
        Repository remote = open(origin);
        try {
            Optional<Descriptor> current = remote.head(tag);
            if (current.isPresent() && isHere(repository, current.get(), known)) {
                repositories.tags().put(repository, tag, checked(current.get().digest()));
            } else {
                fetch(repository, remote, origin.withTag(tag));
            }
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.NOT_FOUND || remote.mayMiss()) {
                throw e;
            }
            repositories.tags().remove(repository, tag);
        }
        return Freshness.FRESH;
    }

    private boolean isHere(String repository, Descriptor current, Optional<TagRecord> known) {
        return known.filter(tag -> tag.digest().equals(current.digest())).isPresent()
                && repositories
                        .manifests()
                        .find(repository, current.contentDigest())
                        .isPresent();
    }

    private TagRecord checked(String digest) {
        return new TagRecord(digest, clock.instant().toEpochMilli());
    }

    private void fetch(String repository, Repository remote, Reference wanted) {
        ManifestDocument document = remote.manifest(wanted);
        Descriptor descriptor = document.descriptor();
        Map<String, TagRecord> tags = wanted.optionalTag()
                .map(tag -> Map.of(tag, checked(descriptor.digest())))
                .orElse(Map.of());
        repositories
                .manifests()
                .put(
                        repository,
                        document.bytes(),
                        descriptor.mediaType(),
                        descriptor.contentDigest(),
                        tags,
                        Checks.COPY);
    }
}
