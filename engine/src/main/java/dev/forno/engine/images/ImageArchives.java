package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.Platform;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images as files. Thread-safe; calls block, and an interrupt cancels them. */
public interface ImageArchives {
    /** Makes an image of one layer from a tar, plain or compressed with gzip or zstd. {@code tar} is not closed. */
    Image importTar(InputStream tar, ImportRequest request, Progress.Listener listener);

    /**
     * Loads the images of a docker archive or an OCI layout, plain or compressed. Progress has Docker's
     * {@code Loaded image: …} texts. {@code archive} is not closed.
     *
     * @param quiet no progress of layers
     * @throws dev.forno.oci.FornoException {@link ErrorKind#INVALID_ARGUMENT} when it is neither
     */
    List<Image> load(InputStream archive, boolean quiet, Progress.Listener listener);

    /**
     * Prepares a docker archive, which is an OCI layout too, of the images of these names. Names are resolved at once, so
     * that {@link ErrorKind#NOT_FOUND} is thrown before anything is written.
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
