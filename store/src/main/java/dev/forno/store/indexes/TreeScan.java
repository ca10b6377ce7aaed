package dev.forno.store.indexes;

import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a layer's tree from its tar while the tar streams by. */
public final class TreeScan {
    private TreeScan() {}

    /**
     * Reads a tar to the end of the stream, not only to the end of the archive. Contents are not kept: the caller copies
     * the stream to the layer file while it is read here. An interrupt cancels. Blocks as the stream does.
     *
     * @param tar the uncompressed layer from its first byte; not closed
     * @param extra a file that is made here when contents can't be pointed to in the tar (sparse files whose pieces are
     *     not aligned to blocks of 512 bytes); nothing may be there before. To be kept beside the tar
     * @throws dev.forno.oci.FornoException {@code INVALID_ARGUMENT} for a malformed or hostile archive, as
     *     {@link dev.forno.store.archives.Extractor} refuses it too, and for what an index can't express
     */
    public static LayerTree scan(InputStream tar, Path extra) {
        ExtraFile copies = new ExtraFile(extra);
        boolean done = false;
        try {
            LayerTree tree = scan(new TarReader(tar), copies);
            copies.close();
            done = true;
            return tree;
        } catch (IOException e) {
            throw Failures.of("store layer", e);
        } finally {
            if (!done) {
                discard(copies);
            }
        }
    }

    private static LayerTree scan(TarReader tar, ExtraFile extra) throws IOException {
        TreeBuilder builder = new TreeBuilder();
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            if (Thread.currentThread().isInterrupted()) {
                throw Failures.cancelled("index layer");
            }
            TarEntry entry = next.get();
            if (isWhole(entry, tar.segments())) {
                builder.add(entry, tar.contentAt());
            } else {
                builder.add(entry, extra.take(tar, entry.name(), entry.size()));
            }
        }
        tar.drain();
        return builder.build(tar.position(), extra.end());
    }

    private static boolean isWhole(TarEntry entry, List<TarReader.Segment> segments) {
        return entry.size() == 0 || (segments.size() == 1 && segments.getFirst().length() == entry.size());
    }

    private static void discard(ExtraFile extra) {
        try {
            extra.discard();
        } catch (IOException e) {
            // it lies in the caller's working directory, which goes as a whole; what failed first is reported
        }
    }
}
