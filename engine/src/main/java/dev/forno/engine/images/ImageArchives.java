package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.Platform;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images as files. Thread-safe; calls block, and an interrupt cancels them. */
public interface ImageArchives {
    /**
     * Makes an image of one layer from a tar, plain or compressed with gzip, zstd, bzip2 or xz. {@code tar} is not closed.
     *
     * @throws dev.forno.oci.FornoException {@link ErrorKind#UNAVAILABLE} when the program that bzip2 or xz needs is missing
     */
    Image importTar(InputStream tar, ImportRequest request, Progress.Listener listener);

    /** Loads all images as {@link #load(InputStream, Platform, boolean, Progress.Listener)}. */
    default List<Image> load(InputStream archive, boolean quiet, Progress.Listener listener) {
        return load(archive, null, quiet, listener);
    }

    /**
     * Loads the images of a docker archive or an OCI layout, plain or compressed. An index is kept with all its images that
     * are in the archive, and with what it holds about them. Progress has Docker's {@code Loaded image: …} texts.
     * {@code archive} is not closed.
     *
     * @param platform the only one wanted, or null for all
     * @param quiet no progress of layers
     * @throws dev.forno.oci.FornoException {@link ErrorKind#INVALID_ARGUMENT} when it is neither,
     *     {@link ErrorKind#NOT_FOUND} when it has nothing for the platform
     */
    List<Image> load(InputStream archive, @Nullable Platform platform, boolean quiet, Progress.Listener listener);

    /**
     * Prepares a docker archive, which is an OCI layout too, of the images of these names. Names are resolved at once, so
     * that {@link ErrorKind#NOT_FOUND} is thrown before anything is written.
     *
     * @param platform the only one wanted; null for whole indexes, as far as they are here, where names stand for them
     */
    Saved save(List<String> names, @Nullable Platform platform);

    /** An archive ready to be streamed; keeps its blobs from removal until closed. */
    interface Saved extends AutoCloseable {
        /** Writes the archive, once. {@code out} is not closed. */
        void writeTo(OutputStream out);

        @Override
        void close();
    }
}
