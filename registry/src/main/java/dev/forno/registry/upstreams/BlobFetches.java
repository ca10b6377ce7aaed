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
 * when the whole blob was verified, and fails otherwise. What broke off is resumed by the next who asks.
 * {@link PullThrough#close} breaks off all. Thread-safe.
 */
public final class BlobFetches {
    private static final Logger LOG = System.getLogger(BlobFetches.class.getName());

    private final PullThrough upstreams;
    private final Repositories repositories;
    private final Storage storage;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Fetch> running = new HashMap<>();

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

    /**
     * The bytes of a blob, from the first, as they come; the stream throws what the fetch fails with. Bytes that are stored
     * for another reason don't count: that a manifest of the other registry names a digest gives nobody a right to them. The
     * caller closes the stream.
     */
    public InputStream read(String repository, Reference origin, BlobEntry entry) throws InterruptedException {
        while (true) {
            Fetch ending;
            lock.lock();
            try {
                Digest digest = Digest.parse(entry.digest());
                String key = repository + "@" + digest;
                Fetch fetch = running.get(key);
                if (fetch == null
                        && repositories.links().find(repository, digest).isPresent()) {
                    return storage.content().read(digest);
                }
                ending = fetch == null ? begin(key, repository, origin, entry) : fetch;
                Optional<InputStream> along = ending.follow();
                if (along.isPresent()) {
                    return along.get();
                }
            } finally {
                lock.unlock();
            }
            ending.awaitEnd();
        }
    }

    /** Under the lock. Also the bytes of a transfer that broke off are its repository's alone. */
    private Fetch begin(String key, String repository, Reference origin, BlobEntry entry) {
        Fetch fetch = new Fetch(storage.content().ingest("registry-fetch-" + key));
        boolean started = false;
        try {
            upstreams.errands().start("fetch blob " + key, () -> run(key, repository, origin, entry, fetch));
            running.put(key, fetch);
            started = true;
            return fetch;
        } finally {
            if (!started) {
                fetch.ingest().close();
            }
        }
    }

    private void run(String key, String repository, Reference origin, BlobEntry entry, Fetch fetch) {
        try {
            fetch(repository, origin, entry, fetch);
        } finally {
            lock.lock();
            try {
                running.remove(key);
            } finally {
                lock.unlock();
            }
            fetch.ended();
        }
    }

    private void fetch(String repository, Reference origin, BlobEntry entry, Fetch fetch) {
        Digest digest = Digest.parse(entry.digest());
        try (Ingest ingest = fetch.ingest();
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
            fetch.failed(e);
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
