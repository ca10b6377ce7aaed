package dev.forno.registry.upstreams;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.client.BlobSink;
import dev.forno.registry.documents.ManifestRecord.BlobEntry;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Storage;
import dev.forno.store.contents.Ingest;
import dev.forno.store.leases.Lease;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fetches blobs of other registries. While one is written here, everyone who wants it reads along: the stream ends only
 * when the whole blob was verified, and fails otherwise. What broke off is resumed by the next who asks. {@link PullThrough#close} breaks off all. Thread-safe.
 */
public final class BlobFetches {
    private static final Logger LOG = System.getLogger(BlobFetches.class.getName());

    private final PullThrough upstreams;
    private final Repositories repositories;
    private final Storage storage;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, Ingest> running = new HashMap<>();

    /** Nothing is being fetched yet. */
    public BlobFetches(PullThrough upstreams, Repositories repositories, Storage storage) {
        this.upstreams = upstreams;
        this.repositories = repositories;
        this.storage = storage;
    }

    /** What a manifest that was fetched says of a blob of its repository. */
    public Optional<BlobEntry> entry(String repository, Digest digest) {
        return repositories.manifests().entry(repository, digest);
    }

    /** Makes the repository hold the blob when its bytes are stored for another reason. Tells whether they are. */
    public boolean isHere(String repository, Digest digest) {
        return repositories.uploads().mountCopy(repository, digest).isPresent();
    }

    /** The bytes of a blob, from the first, as they come. The caller closes the stream. */
    public InputStream read(String repository, Reference origin, BlobEntry entry) {
        Digest digest = Digest.parse(entry.digest());
        lock.lock();
        try {
            Optional<InputStream> along =
                    Optional.ofNullable(running.get(digest)).flatMap(BlobFetches::follow);
            if (along.isPresent()) {
                return along.get();
            }
            if (isHere(repository, digest)) {
                return storage.content().read(digest);
            }
            return start(repository, origin, entry, digest);
        } finally {
            lock.unlock();
        }
    }

    private InputStream start(String repository, Reference origin, BlobEntry entry, Digest digest) {
        Ingest ingest = storage.content().ingest("registry-fetch-" + digest);
        boolean started = false;
        try {
            InputStream stream = ingest.follow();
            upstreams.errands().start("fetch blob " + digest, () -> fetch(repository, origin, entry, ingest));
            running.put(digest, ingest);
            started = true;
            return stream;
        } finally {
            if (!started) {
                ingest.close();
            }
        }
    }

    /** Empty when it has ended this moment. */
    private static Optional<InputStream> follow(Ingest ingest) {
        try {
            return Optional.of(ingest.follow());
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private void fetch(String repository, Reference origin, BlobEntry entry, Ingest ingest) {
        Digest digest = Digest.parse(entry.digest());
        try (ingest;
                Lease lease = storage.leases().open("fetch blob " + digest)) {
            lease.protect(digest);
            upstreams.errands().ask(() -> fetch(origin, entry, ingest));
            ingest.commit(digest, entry.size());
            repositories.links().addCopy(repository, digest, entry.size());
        } catch (FornoException e) {
            LOG.log(
                    e.kind() == ErrorKind.CANCELLED ? Level.DEBUG : Level.WARNING,
                    "fetch blob " + digest + " of " + origin + ": " + e.getMessage(),
                    e);
        } finally {
            lock.lock();
            try {
                running.remove(digest, ingest);
            } finally {
                lock.unlock();
            }
        }
    }

    private Ingest fetch(Reference origin, BlobEntry entry, Ingest ingest) {
        upstreams.open(origin).fetch(descriptor(entry), new BlobSink() {
            @Override
            public long offset() {
                return ingest.offset();
            }

            @Override
            public void write(byte[] buffer, int from, int length) {
                ingest.write(buffer, from, length);
            }
        });
        return ingest;
    }

    private static Descriptor descriptor(BlobEntry entry) {
        return Descriptor.of("application/octet-stream", Digest.parse(entry.digest()), entry.size());
    }
}
