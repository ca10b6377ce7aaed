package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshotter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Installs the layer of a blob whose bytes come as a stream. */
final class Inflow {
    private static final int BUFFER = 1 << 17;

    /** Above what DEFLATE can do, which is 1032. */
    private static final long MAX_RATIO = 1100;

    private final Snapshotter snapshotter;
    private final long limit;
    private final long always;

    /**
     * Into this snapshotter.
     *
     * @param limit the largest layer, uncompressed, in bytes
     * @param always what may become of a blob however small it is
     */
    Inflow(Snapshotter snapshotter, long limit, long always) {
        this.snapshotter = snapshotter;
        this.limit = limit;
        this.always = always;
    }

    /**
     * Decompresses, installs and verifies. Reads the blob to its end, also what follows the compressed data.
     *
     * @param descriptor what the bytes are; its size bounds what may become of them
     * @throws FornoException {@link ErrorKind#DATA_LOSS} when the bytes are damaged or not those of {@code diffId}
     */
    Layer install(InputStream bytes, Descriptor descriptor, Digest diffId) {
        Digest blob = descriptor.contentDigest();
        try (InputStream compressed = new BufferedInputStream(bytes, BUFFER);
                InputStream plain = Compression.decompress(compressed);
                TarStream tar = TarStream.expecting(diffId, plain, bound(descriptor.size()))) {
            return snapshotter.install(tar.in(), () -> {
                readToEnd(compressed, blob);
                return same(tar.digest(), diffId, blob);
            });
        } catch (IOException | FornoException e) {
            throw Damage.of(blob, e);
        }
    }

    /** How much may become of a blob of this size. */
    private long bound(long size) {
        return Math.min(limit, Math.max(always, size < limit / MAX_RATIO ? size * MAX_RATIO : limit));
    }

    private static void readToEnd(InputStream compressed, Digest blob) {
        try {
            compressed.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw Failures.of("read blob " + blob, e);
        }
    }

    private static Digest same(Digest actual, Digest expected, Digest blob) {
        if (!actual.equals(expected)) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "install layer of blob " + blob + ": its content has the digest " + actual + ", but the image says "
                            + expected);
        }
        return actual;
    }
}
