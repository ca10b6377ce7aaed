package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.Packing;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.List;

/**
 * How images go to a registry: images made here may have plain layers, which are compressed before they are sent. Both
 * the compressed layers and the manifest over them are remembered. What came from outside is sent as it came.
 */
final class PushPackings {
    private final Catalog catalog;
    private final Store store;

    PushPackings(Catalog catalog, Store store) {
        this.catalog = catalog;
        this.store = store;
    }

    /**
     * The image in a packing whose layers are compressed, which then is the name's.
     *
     * @param image in the packing that belongs to {@code name}
     * @param lease takes what is made
     */
    ImageRecord compressed(Reference name, ImageRecord image, Lease lease, Reporter reporter) {
        Packing old = image.packing();
        if (!old.made() || old.layers().stream().noneMatch(PushPackings::isPlain)) {
            return image;
        }
        old.layers().forEach(layer -> lease.protect(layer.contentDigest()));
        image.diffIds().forEach(diffId -> lease.protect(Digest.parse(diffId)));
        Manifest manifest = Documents.manifest(
                store.content().readAll(old.manifest().contentDigest(), Documents.MAX_MANIFEST_BYTES));
        List<Descriptor> layers = new ArrayList<>();
        for (int i = 0; i < old.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            layers.add(isPlain(layer) ? compress(Digest.parse(image.diffIds().get(i)), lease, reporter) : layer);
        }
        byte[] bytes = Documents.write(Manifest.class, Manifest.of(manifest.config(), layers));
        lease.protect(Digest.of(bytes));
        Digest digest = store.content().put(bytes);
        Packing packing = new Packing(
                Descriptor.of(MediaTypes.OCI_MANIFEST, digest, bytes.length),
                layers.stream().map(IndexTree::plain).toList(),
                true);
        catalog.repack(name, old, packing);
        return image.withPacking(packing);
    }

    private Descriptor compress(Digest diffId, Lease lease, Reporter reporter) {
        reporter.status(diffId.shortHex(), "Compressing");
        Descriptor blob = store.layers().compress(diffId);
        lease.protect(blob.contentDigest());
        // One that was remembered may have been collected just before it was leased; what is made now is not.
        return store.content().stat(blob.contentDigest()).isPresent()
                ? blob
                : store.layers().compress(diffId);
    }

    private static boolean isPlain(Descriptor layer) {
        return layer.mediaType().equals(MediaTypes.OCI_LAYER)
                || layer.mediaType().equals(MediaTypes.DOCKER_LAYER);
    }
}
