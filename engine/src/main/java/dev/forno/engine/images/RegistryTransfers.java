package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.Access;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.Repository;
import dev.forno.registry.credentials.Credentials;
import dev.forno.store.Store;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Pulls and pushes through the registry client. */
final class RegistryTransfers implements ImageTransfers {
    private static final int DOWNLOADS = 3;
    private static final int UPLOADS = 5;

    private final Catalog catalog;
    private final UnfinishedPulls unfinished;
    private final UnfinishedPushes pushes;
    private final Store store;
    private final RegistryClient client;
    private final EventSource events;
    private final BlobLocks locks = new BlobLocks();
    private final Semaphore downloads = new Semaphore(DOWNLOADS, true);
    private final Semaphore uploads = new Semaphore(UPLOADS, true);

    RegistryTransfers(
            Catalog catalog,
            UnfinishedPulls unfinished,
            UnfinishedPushes pushes,
            Store store,
            RegistryClient client,
            EventSource events) {
        this.catalog = catalog;
        this.unfinished = unfinished;
        this.pushes = pushes;
        this.store = store;
        this.client = client;
        this.events = events;
    }

    @Override
    public Image pull(PullRequest request, Progress.Listener listener) {
        Reference reference =
                request.allTags() ? request.reference() : request.reference().withDefaultTag();
        Repository repository = client.open(reference, credentials(request.auth()), Access.PULL);
        Pull pull = new Pull(catalog, unfinished, store, repository, locks, downloads, new Reporter(listener));
        List<Reference> references = request.allTags()
                ? repository.tags().stream().map(reference::withTag).toList()
                : List.of(reference);
        Image image = null;
        for (Reference one : references) {
            image = pull.run(one, request.platform());
            events.ofReference("pull", one, image.id());
        }
        if (image == null) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND, "repository " + reference.familiarName() + " not found: it has no tags");
        }
        return image;
    }

    @Override
    public void push(Reference reference, @Nullable Platform platform, RegistryAuth auth, Progress.Listener listener) {
        if (reference.digest() != null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "cannot push a digest reference");
        }
        Reporter reporter = new Reporter(listener);
        reporter.status(null, "The push refers to repository [" + reference.name() + "]");
        List<Reference> local = catalog.snapshot().names().keySet().stream()
                .map(Reference::parse)
                .filter(name -> name.digest() == null && name.name().equals(reference.name()))
                .toList();
        if (local.isEmpty()) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND, "An image does not exist locally with the tag: " + reference.familiarName());
        }
        if (reference.tag() != null && !local.contains(reference)) {
            throw new FornoException(ErrorKind.NOT_FOUND, "tag does not exist: " + reference.familiar());
        }
        Repository repository = client.open(reference, credentials(auth), Access.PUSH);
        Push push = new Push(catalog, pushes, store, repository, uploads, reporter);
        for (Reference one : reference.tag() == null ? local : List.of(reference)) {
            Digest image = push.run(one, platform);
            events.ofReference("push", one, image);
        }
    }

    @Override
    public String login(String serverAddress, RegistryAuth auth) {
        return client.login(serverAddress, credentials(auth));
    }

    private static Credentials credentials(RegistryAuth auth) {
        return new Credentials(auth.username(), auth.password(), auth.identityToken(), auth.registryToken());
    }
}
