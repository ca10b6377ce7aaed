package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;

/** Records images made here, by builds and commits. Thread-safe. */
public interface ImageWriter {
    /**
     * Makes the configuration durable and records image and names in one transaction. The caller keeps its new layers leased
     * until this returns. The same configuration twice is the same image.
     *
     * @see ErrorKind#FAILED_PRECONDITION a layer is neither in {@code newLayers} nor known from another image
     */
    Image create(NewImage image);
}
