package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes images of configurations and installed layers: the manifest, the documents' blobs, the record. */
final class ImageAssembly {
    private final Catalog catalog;
    private final Store store;

    ImageAssembly(Catalog catalog, Store store) {
        this.catalog = catalog;
        this.store = store;
    }

    /**
     * Records an image whose layers are there.
     *
     * @param config the configuration's bytes, whose digest is the image's id
     * @param known blobs of layers by diffID; those missing are looked for in recorded images
     * @param moved hears of names that other images lose
     */
    Image assemble(
            byte[] config,
            Map<Digest, Descriptor> known,
            @Nullable Digest parent,
            List<Reference> names,
            Catalog.MoveListener moved) {
        ImageConfig parsed = Documents.imageConfig(config);
        try (Lease lease = store.leases().open("assemble image")) {
            List<Descriptor> layers = layers(parsed.diffIds(), known, lease);
            byte[] manifest = Documents.write(
                    Manifest.class,
                    Manifest.of(Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(config), config.length), layers));
            Descriptor target = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length);
            return record(
                    lease,
                    new Adoption(target, manifest, config, true, target, List.of(), List.of()),
                    parent,
                    names,
                    moved);
        }
    }

    /** Records an image that came with its manifest; its layers are there, and leased by the caller with all the rest. */
    Image adopt(Adoption adoption, List<Reference> names, Catalog.MoveListener moved) {
        try (Lease lease = store.leases().open("adopt image")) {
            return record(lease, adoption, null, names, moved);
        }
    }

    private Image record(
            Lease lease,
            Adoption adoption,
            @Nullable Digest parent,
            List<Reference> names,
            Catalog.MoveListener moved) {
        byte[] config = adoption.config();
        Digest id = Digest.of(config);
        Digest manifest = adoption.manifest().contentDigest();
        lease.protect(id);
        lease.protect(manifest);
        ImageConfig parsed = Documents.imageConfig(config);
        Parallel.run(
                "record image",
                List.of(
                        () -> store.content().put(config),
                        () -> store.content().put(manifest, adoption.bytes()),
                        () -> store.snapshotter().index(parsed.diffIds())));
        Map<Reference, Descriptor> named = new LinkedHashMap<>();
        names.forEach(name -> named.put(name, adoption.target()));
        List<String> diffIds = parsed.diffIds().stream().map(Digest::toString).toList();
        ImageRecord record = new ImageRecord(
                id.toString(), adoption.packing(), diffIds, parent == null ? null : parent.toString(), null);
        catalog.record(record, named, moved);
        return new Image(id, parsed);
    }

    private List<Descriptor> layers(List<Digest> diffIds, Map<Digest, Descriptor> known, Lease lease) {
        Map<Digest, Descriptor> recorded = Map.of();
        List<Descriptor> layers = new ArrayList<>();
        for (Digest diffId : diffIds) {
            lease.protect(diffId);
            Descriptor blob = known.get(diffId);
            if (blob == null) {
                recorded = recorded.isEmpty() ? recordedLayers() : recorded;
                blob = recorded.get(diffId);
            }
            if (blob != null) {
                lease.protect(blob.contentDigest());
            }
            if (blob == null
                    || store.content().stat(blob.contentDigest()).isEmpty()
                    || store.snapshotter().layer(diffId).isEmpty()) {
                throw new FornoException(
                        ErrorKind.FAILED_PRECONDITION, "create image: layer " + diffId + " is not here");
            }
            layers.add(blob);
        }
        return layers;
    }

    private Map<Digest, Descriptor> recordedLayers() {
        Map<Digest, Descriptor> layers = new LinkedHashMap<>();
        for (ImageRecord image : catalog.snapshot().images().values()) {
            for (int i = 0; i < image.diffIds().size(); i++) {
                layers.putIfAbsent(
                        Digest.parse(image.diffIds().get(i)), image.layers().get(i));
            }
        }
        return layers;
    }
}
