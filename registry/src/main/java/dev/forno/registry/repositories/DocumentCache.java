package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Small documents that were read lately, verified once; bounded by their bytes. */
final class DocumentCache {
    private static final int LARGEST = 256 << 10;
    private static final long CAPACITY = 16L << 20;

    private final Function<Digest, byte[]> reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, byte[]> documents = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    DocumentCache(Function<Digest, byte[]> reader) {
        this.reader = reader;
    }

    byte[] get(Digest digest) {
        lock.lock();
        try {
            byte[] known = documents.get(digest);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        byte[] read = reader.apply(digest);
        if (read.length <= LARGEST) {
            keep(digest, read);
        }
        return read;
    }

    private void keep(Digest digest, byte[] read) {
        lock.lock();
        try {
            if (documents.put(digest, read) == null) {
                bytes += read.length;
            }
            var eldest = documents.entrySet().iterator();
            while (bytes > CAPACITY && eldest.hasNext()) {
                bytes -= eldest.next().getValue().length;
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
