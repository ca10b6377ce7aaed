package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.engine.images.records.Packing;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Documents;
import java.util.List;

/**
 * An image that came with its manifest.
 *
 * @param manifest the manifest's descriptor
 * @param bytes the manifest
 * @param config the configuration
 * @param replaceable whether the manifest is but a by-product of how the image came, so that a push may send another
 * @param target what the image's names stand for: the manifest or the index that it came with, which is here
 * @param attached what the index holds about the image, which is here too
 * @param within the indexes between {@code target} and the manifest, which are here too
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Adoption(
        Descriptor manifest,
        byte[] bytes,
        byte[] config,
        boolean replaceable,
        Descriptor target,
        List<AttachedRecord> attached,
        List<Descriptor> within) {
    Packing packing() {
        return new Packing(
                manifest,
                Documents.manifest(bytes).layers().stream()
                        .map(IndexTree::plain)
                        .toList(),
                replaceable,
                attached.isEmpty() ? null : attached,
                within.isEmpty() ? null : within);
    }
}
