package dev.forno.store.indexes;

import dev.forno.store.archives.EntryNames;
import dev.forno.store.archives.TarReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file beside a layer's tar with the contents that can't be pointed to in it. Made when the first one comes. */
final class ExtraFile implements AutoCloseable {
    /** Where the 32-bit block addresses of the index end. */
    private static final long MAX_END = 512L * 0xFFFFFFFEL;

    private final Path path;
    private @Nullable RandomAccessFile file;
    private long end;

    ExtraFile(Path path) {
        this.path = path;
    }

    /** Its length. */
    long end() {
        return end;
    }

    /** Plans the current entry of the tar and copies what must be copied. */
    List<Extent> take(TarReader tar, String entry, long size) throws IOException {
        SparsePlan plan = new SparsePlan(entry, size, tar.segments(), tar.contentAt(), end);
        List<Extent> extents = plan.extents();
        if (plan.extraEnd() > end) {
            if (plan.extraEnd() > MAX_END) {
                throw EntryNames.refused(entry, "the pieces of the layer's sparse files lie too far apart");
            }
            RandomAccessFile out = open();
            out.setLength(plan.extraEnd());
            tar.copyTo(new Copy(out, extents));
            end = plan.extraEnd();
        }
        return extents;
    }

    private RandomAccessFile open() throws IOException {
        RandomAccessFile open = file;
        if (open == null) {
            if (Files.exists(path)) {
                throw new FileAlreadyExistsException(path.toString());
            }
            open = new RandomAccessFile(path.toFile(), "rw");
            file = open;
        }
        return open;
    }

    /** Passes on what belongs to extents in the extra file. */
    private static final class Copy implements TarReader.Sink {
        private final RandomAccessFile out;
        private final List<Extent> extents;
        private int current;

        Copy(RandomAccessFile out, List<Extent> extents) {
            this.out = out;
            this.extents = extents;
        }

        @Override
        public void write(long position, byte[] bytes, int from, int length) throws IOException {
            long at = position;
            long end = position + length;
            while (at < end) {
                while (extents.get(current).at() + extents.get(current).length() <= at) {
                    current++;
                }
                Extent extent = extents.get(current);
                int count = (int) Math.min(end - at, extent.at() + extent.length() - at);
                if (extent.extra()) {
                    out.seek(extent.offset() + at - extent.at());
                    out.write(bytes, from + (int) (at - position), count);
                }
                at += count;
            }
        }
    }

    /** Removes what was made. */
    void discard() throws IOException {
        close();
        if (file != null) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        RandomAccessFile open = file;
        if (open != null) {
            open.close();
        }
    }
}
