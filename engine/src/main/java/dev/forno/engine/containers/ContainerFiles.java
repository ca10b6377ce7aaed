package dev.forno.engine.containers;

import dev.forno.engine.containers.CommitRequest.Committed;
import dev.forno.oci.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

/**
 * A container's files, running or not, with its volumes and bind mounts, but for {@link #changes} and {@link #export}. Paths are
 * resolved inside of the container's root: links in it can't lead outside.
 * Thread-safe; {@code ref} as in {@link Containers}.
 */
public interface ContainerFiles {
    /** Looks at a path without following a last link; throws {@link ErrorKind#NOT_FOUND} with Docker's text. */
    PathStat stat(String ref, String path);

    /**
     * Opens a path as a tar stream whose first entry is the path's base name. The archive is written as it is read; the
     * path is looked at before this returns.
     */
    Archive read(String ref, String path);

    /** Unpacks a tar (plain or compressed) into a directory that exists. */
    void write(String ref, String path, InputStream tar, WriteOptions options) throws IOException;

    /** What differs from the image, sorted by path. */
    List<Change> changes(String ref);

    /** Writes the whole root file system as a tar. */
    void export(String ref, OutputStream tar) throws IOException;

    /** Makes an image of the container. */
    Committed commit(CommitRequest request);

    /** How many bytes the container's own layer holds, and all layers together. */
    Sizes sizes(String ref);

    /**
     * What is at a path.
     *
     * @param mode Go's {@code os.FileMode} bits, as Docker's clients read them: {@code 1<<31} for directories, {@code 1<<27} for links …
     * @param linkTarget empty unless it is a link
     */
    record PathStat(String name, long size, long mode, Instant modified, String linkTarget) {}

    /**
     * How to unpack.
     *
     * @param noOverwriteDirNonDir refuse to replace a directory by a file and the other way round
     * @param copyUidGid give everything to the container's user, instead of the owners in the archive
     */
    record WriteOptions(boolean noOverwriteDirNonDir, boolean copyUidGid) {}

    /** One difference. */
    record Change(ChangeKind kind, String path) {}

    /** What became of a path. */
    enum ChangeKind {
        /** Its content or attributes differ. */
        MODIFIED,
        /** It is new. */
        ADDED,
        /** It is gone. */
        DELETED
    }

    /** Bytes. */
    record Sizes(long writable, long total) {}

    /** A tar stream and what it holds; to be closed. */
    interface Archive extends AutoCloseable {
        /** What was asked for. */
        PathStat stat();

        /** Writes the archive; may be called once. */
        void writeTo(OutputStream out) throws IOException;

        @Override
        void close();
    }
}
