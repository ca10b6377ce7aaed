package dev.forno.engine.images;

import dev.forno.oci.Digest;
import java.util.List;

/** Who uses images: implemented by the containers' service. Thread-safe. */
@FunctionalInterface
public interface ImageUsers {
    /** All containers with the images they were made from. */
    List<Use> uses();

    /**
     * A container's use of an image.
     *
     * @param layers the layers that its file system stands on
     */
    record Use(String containerId, Digest image, List<Digest> layers, boolean running) {}
}
