package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.snapshots.Layer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists images with their sizes and users. */
final class ImageList {
    private final Catalog catalog;
    private final Store store;
    private final ImageUsers users;
    private final ImageNames names;

    ImageList(Catalog catalog, Store store, ImageUsers users, ImageNames names) {
        this.catalog = catalog;
        this.store = store;
        this.users = users;
        this.names = names;
    }

    /** The images that {@code filter} takes, newest first. */
    List<ImageSummary> list(ImageFilter filter) {
        Catalog.Snapshot all = catalog.snapshot();
        Selection selection = new Selection(
                filter,
                filter.before().stream().map(this::createdOf).toList(),
                filter.since().stream().map(this::createdOf).toList());
        Map<String, Long> sizes = layerSizes();
        Map<String, Integer> layerUses = new HashMap<>();
        all.images().values().forEach(image -> new HashSet<>(image.diffIds())
                .forEach(diffId -> layerUses.merge(diffId, 1, Integer::sum)));
        Map<Digest, Integer> containers = new HashMap<>();
        users.uses().forEach(use -> containers.merge(use.image(), 1, Integer::sum));
        Map<String, List<Reference>> namesByImage = all.namesByImage();
        Set<String> parents = new HashSet<>();
        all.images().values().forEach(image -> {
            if (image.parent() != null) {
                parents.add(image.parent());
            }
        });
        List<ImageSummary> found = new ArrayList<>();
        for (ImageRecord image : all.images().values()) {
            List<Reference> own = namesByImage.getOrDefault(image.id(), List.of());
            ImageConfig config = catalog.config(image.digest());
            boolean isParent = parents.contains(image.id());
            if (selection.takes(config, own, isParent)) {
                int users = containers.getOrDefault(image.digest(), 0);
                found.add(summary(image, config, selection.shown(own), sizes, layerUses, users));
            }
        }
        found.sort(Comparator.comparing(ImageSummary::created).reversed());
        return found;
    }

    /** The unpacked bytes of all layers of images, each once. */
    long layersSize(List<ImageHolding> images) {
        Map<String, Long> sizes = layerSizes();
        Set<Digest> used = new HashSet<>();
        images.forEach(image -> used.addAll(image.layers()));
        return used.stream()
                .mapToLong(diffId -> sizes.getOrDefault(diffId.toString(), 0L))
                .sum();
    }

    /** When an image was made; the epoch when its configuration doesn't say. */
    static Instant created(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private Instant createdOf(String name) {
        return created(catalog.config(names.resolve(name)).created());
    }

    private Map<String, Long> layerSizes() {
        Map<String, Long> sizes = new HashMap<>();
        for (Layer layer : store.snapshotter().layers()) {
            sizes.put(layer.diffId().toString(), layer.size());
        }
        return sizes;
    }

    private static ImageSummary summary(
            ImageRecord image,
            ImageConfig config,
            List<Reference> shown,
            Map<String, Long> sizes,
            Map<String, Integer> layerUses,
            int containers) {
        long size = 0;
        long shared = 0;
        for (String diffId : image.diffIds()) {
            long layer = sizes.getOrDefault(diffId, 0L);
            size += layer;
            shared += layerUses.getOrDefault(diffId, 0) > 1 ? layer : 0;
        }
        Map<String, String> labels = config.execution().labels();
        String parent = image.parent();
        return new ImageSummary(
                image.digest(),
                parent == null ? null : Digest.parse(parent),
                tags(shown),
                digests(shown),
                created(config.created()),
                size,
                shared,
                containers,
                labels == null ? Map.of() : labels);
    }

    static List<String> tags(List<Reference> names) {
        return names.stream()
                .filter(name -> name.digest() == null)
                .map(Reference::familiar)
                .toList();
    }

    static List<String> digests(List<Reference> names) {
        return names.stream()
                .filter(name -> name.digest() != null)
                .map(Reference::familiar)
                .toList();
    }
}
