package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.snapshots.Layer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Images as the metadata knows them. */
final class CatalogImages implements Images {
    private final Catalog catalog;
    private final ImageNames names;
    private final ImageList list;
    private final Store store;
    private final EventSource events;

    CatalogImages(Catalog catalog, ImageNames names, ImageList list, Store store, EventSource events) {
        this.catalog = catalog;
        this.names = names;
        this.list = list;
        this.store = store;
        this.events = events;
    }

    @Override
    public List<ImageSummary> list(ImageFilter filter) {
        return list.list(filter);
    }

    @Override
    public Image resolve(String name, @Nullable Platform platform) {
        Digest id = names.resolve(name, platform);
        return new Image(id, catalog.config(id));
    }

    @Override
    public ImageDetails inspect(String name, @Nullable Platform platform) {
        Image image = resolve(name, platform);
        ImageRecord record = record(name, image.id());
        List<Reference> own = catalog.snapshot().namesOf(image.id());
        long size = image.layers().stream().mapToLong(this::layerSize).sum();
        String parent = record.parent();
        String tagged = record.tagged();
        return new ImageDetails(
                image,
                record.manifest(),
                parent == null ? null : Digest.parse(parent),
                ImageList.tags(own),
                ImageList.digests(own),
                size,
                tagged == null ? null : Instant.parse(tagged));
    }

    @Override
    public List<HistoryEntry> history(String name, @Nullable Platform platform) {
        Image image = resolve(name, platform);
        List<Digest> layers = image.layers();
        List<ImageConfig.History> steps =
                Objects.requireNonNullElse(image.config().history(), List.of());
        List<HistoryEntry> entries = new ArrayList<>();
        int layer = 0;
        for (int i = 0; i < steps.size(); i++) {
            ImageConfig.History step = steps.get(i);
            long size = 0;
            if (!step.isEmptyLayer() && layer < layers.size()) {
                size = layerSize(layers.get(layer++));
            }
            boolean last = i == steps.size() - 1;
            entries.add(new HistoryEntry(
                    last ? image.id() : null,
                    ImageList.created(step.created()),
                    Objects.requireNonNullElse(step.createdBy(), ""),
                    last ? ImageList.tags(catalog.snapshot().namesOf(image.id())) : List.of(),
                    size,
                    Objects.requireNonNullElse(step.comment(), "")));
        }
        Collections.reverse(entries);
        return entries;
    }

    @Override
    public void tag(String name, Reference target) {
        if (target.digest() != null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "refusing to create a tag with a digest reference");
        }
        Reference tagged = target.withDefaultTag();
        Digest id = names.resolve(name);
        // What a name stands for may be gone with it, though its image has other names.
        boolean there = ImageNames.quotesId(name, id)
                ? catalog.addName(id, tagged)
                : catalog.copyName(Reference.parse(name), tagged);
        if (!there) {
            throw ImageNames.notFound(name);
        }
        events.tagged(id, tagged);
    }

    /** The image's record, in the packing of the name by which it is asked for. */
    private ImageRecord record(String text, Digest id) {
        ImageRecord record = catalog.image(id).orElseThrow(() -> ImageNames.notFound(id.toString()));
        return ImageNames.quotesId(text, id)
                ? record
                : catalog.name(Reference.parse(text))
                        .flatMap(name -> name.images().stream()
                                .filter(one -> one.image().equals(id.toString()))
                                .findFirst())
                        .map(one -> record.withPacking(one.packing()))
                        .orElse(record);
    }

    private long layerSize(Digest diffId) {
        return store.snapshotter().layer(diffId).map(Layer::size).orElse(0L);
    }
}
