package dev.forno.engine.images.records;

import dev.forno.oci.Descriptor;
import io.avaje.jsonb.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A name in the metadata, kept under its complete reference. A name that stands for an index may have several images here,
 * one for each platform.
 *
 * @param image the id of the image meant where no platform is asked for
 * @param target what the name stands for at its registry: the image's manifest, or the index that led to it
 * @param packing the manifest and layers that belong to the name: what a push sends
 * @param others the images for further platforms of the same index, or null
 */
@Json
public record NameRecord(
        String image,
        Descriptor target,
        Packing packing,
        @Nullable List<PlatformRecord> others) {
    /** A name with one image. */
    public NameRecord(String image, Descriptor target, Packing packing) {
        this(image, target, packing, null);
    }

    /** All images of the name, the one that is meant without a platform first. */
    public List<PlatformRecord> images() {
        List<PlatformRecord> all = new ArrayList<>();
        all.add(new PlatformRecord(image, packing));
        if (others != null) {
            all.addAll(others);
        }
        return all;
    }

    /** Whether the name stands for an index rather than for one manifest. */
    public boolean hasIndex() {
        return !target.digest().equals(packing.manifest().digest());
    }

    /** Whether an image is one of the name's. */
    public boolean has(String id) {
        return images().stream().anyMatch(one -> one.image().equals(id));
    }

    /** The same with the images that {@code taken} takes, in their order; nothing when none is left. */
    public Optional<NameRecord> only(Predicate<String> taken) {
        return of(
                target, images().stream().filter(one -> taken.test(one.image())).toList());
    }

    /** A name of these images; nothing when there are none. */
    public static Optional<NameRecord> of(Descriptor target, List<PlatformRecord> images) {
        if (images.isEmpty()) {
            return Optional.empty();
        }
        PlatformRecord first = images.getFirst();
        List<PlatformRecord> rest = List.copyOf(images.subList(1, images.size()));
        return Optional.of(new NameRecord(first.image(), target, first.packing(), rest.isEmpty() ? null : rest));
    }
}
