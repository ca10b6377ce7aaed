package dev.forno.engine.images.records;

import dev.forno.oci.Descriptor;
import io.avaje.jsonb.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an image is packed for exchange: the same configuration may come with several manifests, whose layers are
 * compressed differently. All these blobs are in the content store.
 *
 * @param manifest the manifest
 * @param layers the layers' blobs, lowest first, without what else the manifest says of them
 * @param made whether the manifest was made here, or by whoever saved an archive, so that a push may replace it to send
 *     compressed layers; one from a registry or an OCI layout is kept as it is
 * @param attached what the index from which the manifest came holds about it, or null for nothing
 * @param within the indexes between the one that the name stands for and the manifest, or null for none
 */
@Json
public record Packing(
        Descriptor manifest,
        List<Descriptor> layers,
        boolean made,
        @Nullable List<AttachedRecord> attached,
        @Nullable List<Descriptor> within) {
    /** A packing about which nothing else is known. */
    public Packing(Descriptor manifest, List<Descriptor> layers, boolean made) {
        this(manifest, layers, made, null, null);
    }

    /** Whether it is one under this manifest. */
    public boolean isOf(Descriptor other) {
        return manifest.digest().equals(other.digest());
    }

    /** The same with all that another packing under the same manifest has beside its layers. */
    public Packing and(Packing other) {
        return new Packing(manifest, layers, made, united(attached, other.attached), united(within, other.within));
    }

    private static <T> @Nullable List<T> united(@Nullable List<T> own, @Nullable List<T> more) {
        if (own == null || more == null) {
            return own == null ? more : own;
        }
        Set<T> all = new LinkedHashSet<>(own);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** What belongs to it; possibly empty. */
    public List<AttachedRecord> attachments() {
        return attached == null ? List.of() : attached;
    }

    /** The indexes on the way to it; possibly empty. */
    public List<Descriptor> indexes() {
        return within == null ? List.of() : within;
    }
}
