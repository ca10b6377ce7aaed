package dev.forno.engine.images;

import dev.forno.build.archives.Compression;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Makes an image of one layer of a root file system's tar. */
final class TarImport {
    private final Catalog catalog;
    private final Store store;
    private final ImageAssembly assembly;
    private final ConfigChanges changes;

    TarImport(Catalog catalog, Store store, ImageAssembly assembly, ConfigChanges changes) {
        this.catalog = catalog;
        this.store = store;
        this.assembly = assembly;
        this.changes = changes;
    }

    Image run(InputStream tar, ImportRequest request) {
        Reference reference = request.reference();
        if (reference != null && reference.digest() != null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "cannot import digest reference");
        }
        // The instructions first: a mistake in them shall not cost the reading of the archive.
        ImageConfig.Execution execution = request.changes().isEmpty()
                ? ImageConfig.Execution.EMPTY
                : changes.apply(ImageConfig.Execution.EMPTY, request.changes());
        Platform platform = request.platform() == null ? Platform.host() : request.platform();
        try (Lease lease = store.leases().open("import image");
                InputStream readable = Compression.asLayer(new LeftOpen(tar))) {
            StoredLayer layer = store.layers().store(readable);
            lease.protect(layer.diffId());
            String now = catalog.now().toString();
            String comment = request.message().isEmpty() ? "Imported from -" : request.message();
            ImageConfig config = new ImageConfig(
                    now,
                    null,
                    platform.architecture(),
                    platform.os(),
                    null,
                    null,
                    platform.variant(),
                    comment,
                    execution,
                    new ImageConfig.RootFs("layers", List.of(layer.diffId().toString())),
                    List.of(new ImageConfig.History(now, null, null, comment, null)));
            return assembly.assemble(
                    Documents.write(ImageConfig.class, config),
                    Map.of(layer.diffId(), layer.blob()),
                    null,
                    reference == null ? List.of() : List.of(reference.withDefaultTag()),
                    Catalog.MoveListener.NONE);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "import image: " + e.getMessage(), e);
        }
    }
}
