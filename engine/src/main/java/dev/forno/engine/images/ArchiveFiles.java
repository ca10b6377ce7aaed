package dev.forno.engine.images;

import dev.forno.oci.Platform;
import dev.forno.store.Store;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Import, load and save. */
final class ArchiveFiles implements ImageArchives {
    private final Catalog catalog;
    private final ImageNames names;
    private final Store store;
    private final ImageAssembly assembly;
    private final EventSource events;
    private final ConfigChanges changes;

    ArchiveFiles(
            Catalog catalog,
            ImageNames names,
            Store store,
            ImageAssembly assembly,
            EventSource events,
            ConfigChanges changes) {
        this.catalog = catalog;
        this.names = names;
        this.store = store;
        this.assembly = assembly;
        this.events = events;
        this.changes = changes;
    }

    @Override
    public Image importTar(InputStream tar, ImportRequest request, Progress.Listener listener) {
        Image image = new TarImport(catalog, store, assembly, changes).run(tar, request);
        events.ofImage("import", image.id());
        if (request.reference() != null) {
            events.tagged(image.id(), request.reference().withDefaultTag());
        }
        return image;
    }

    @Override
    public List<Image> load(
            InputStream archive, @Nullable Platform platform, boolean quiet, Progress.Listener listener) {
        List<Image> images = new ArchiveLoad(store, assembly, new Reporter(listener), quiet, platform).run(archive);
        images.forEach(image -> events.ofImage("load", image.id()));
        return images;
    }

    @Override
    public Saved save(List<String> wanted, @Nullable Platform platform) {
        ArchiveSave save = ArchiveSave.of(catalog, names, store, wanted, platform);
        return new Saved() {
            @Override
            public void writeTo(OutputStream out) {
                save.writeTo(out);
                save.images().forEach(id -> events.ofImage("save", id));
            }

            @Override
            public void close() {
                save.close();
            }
        };
    }
}
