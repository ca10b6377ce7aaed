package dev.forno.engine.images;

import java.util.Map;

/** Takes events of images: implemented by the events' service. Thread-safe. */
@FunctionalInterface
public interface ImageEvents {
    /** Ignores everything. */
    ImageEvents NONE = (action, id, attributes) -> {};

    /**
     * Something happened to an image.
     *
     * @param action pull, push, tag, untag, delete, import, load, save, prune
     * @param id the image's id, or its reference for pull and push
     * @param attributes the image's labels and {@code name}
     */
    void on(String action, String id, Map<String, String> attributes);
}
