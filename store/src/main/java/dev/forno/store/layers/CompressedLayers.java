package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.records.RecordTable;
import dev.forno.store.snapshots.Snapshotter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which compressed blob stands for a layer that is kept plain, remembered in the metadata. */
final class CompressedLayers {
    private static final int BUFFER = 1 << 18;

    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final RecordTable remembered;

    CompressedLayers(ContentStore content, Snapshotter snapshotter, RecordTable remembered) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.remembered = remembered;
    }

    /** The blob made earlier, as long as it is stored. */
    Optional<Descriptor> find(Digest diffId) {
        return remembered.get(diffId.toString()).map(Documents::descriptor).filter(blob -> content.stat(
                        blob.contentDigest())
                .isPresent());
    }

    /** Makes the blob and remembers it. */
    Descriptor make(Digest diffId) throws IOException {
        try (InputStream tar = new BufferedInputStream(open(diffId), BUFFER);
                Ingest ingest = content.ingest()) {
            GzipWriter gzip = new GzipWriter(new BufferedOutputStream(ingest.stream(), BUFFER));
            byte[] buffer = new byte[BUFFER];
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                gzip.write(buffer, 0, n);
            }
            gzip.finish();
            BlobStat blob = ingest.commit();
            Descriptor descriptor = Descriptor.of(Compression.GZIP.mediaType(), blob.digest(), blob.size());
            remembered.put(diffId.toString(), Documents.write(Descriptor.class, descriptor));
            return descriptor;
        }
    }

    private InputStream open(Digest diffId) throws IOException {
        Optional<Path> tar = snapshotter.tar(diffId);
        return tar.isPresent() ? Files.newInputStream(tar.get()) : content.read(diffId);
    }
}
