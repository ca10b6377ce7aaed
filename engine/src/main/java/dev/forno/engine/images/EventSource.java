package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.util.HashMap;
import java.util.Map;

/** Words events of images as Docker does: labels and the name as attributes. */
final class EventSource {
    private final Catalog catalog;
    private final ImageEvents listener;

    EventSource(Catalog catalog, ImageEvents listener) {
        this.catalog = catalog;
        this.listener = listener;
    }

    /** Something happened to an image, known by its id. */
    void ofImage(String action, Digest id) {
        ofImage(action, id, id.toString());
    }

    /** An image got another name. */
    void tagged(Digest id, Reference name) {
        ofImage("tag", id, name.familiar());
    }

    /** A name was pulled or pushed. */
    void ofReference(String action, Reference reference, Digest image) {
        Map<String, String> attributes = labels(image);
        attributes.put("name", reference.familiarName());
        listener.on(action, reference.familiar(), attributes);
    }

    /** An image lost a name; its labels were read before. */
    void untagged(Digest id, Map<String, String> labels) {
        ofFormer("untag", id, labels);
    }

    /** An image is gone; its labels were read before. */
    void deleted(Digest id, Map<String, String> labels) {
        ofFormer("delete", id, labels);
    }

    private void ofFormer(String action, Digest id, Map<String, String> labels) {
        Map<String, String> attributes = new HashMap<>(labels);
        attributes.put("name", id.toString());
        listener.on(action, id.toString(), attributes);
    }

    /** Unused images were removed. */
    void pruned(long reclaimed) {
        listener.on("prune", "", Map.of("reclaimed", Long.toString(reclaimed)));
    }

    Map<String, String> labels(Digest id) {
        try {
            Map<String, String> labels = catalog.config(id).execution().labels();
            return labels == null ? new HashMap<>() : new HashMap<>(labels);
        } catch (FornoException e) {
            // An event is told even of an image whose configuration is damaged.
            return new HashMap<>();
        }
    }

    private void ofImage(String action, Digest id, String name) {
        Map<String, String> attributes = labels(id);
        attributes.put("name", name);
        listener.on(action, id.toString(), attributes);
    }
}
