package dev.forno.engine.images;

import dev.forno.registry.client.RegistryClient;
import dev.forno.store.Store;
import dev.forno.store.garbage.Roots;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The services of images, made together and sharing one state. */
public record ImageServices(
        Images images, ImageTransfers transfers, ImageArchives archives, ImageRemoval removal, ImageWriter writer) {

    /**
     * Makes the services and adds what images need to {@code roots}. They hold nothing open themselves: store and client
     * are closed by their owner, afterwards.
     */
    public static ImageServices open(
            Store store,
            RegistryClient registry,
            GarbageRoots roots,
            ImageUsers users,
            ImageEvents events,
            ConfigChanges changes,
            InstantSource clock) {
        Catalog catalog = new Catalog(store, clock);
        Supplier<Roots> holder = catalog::roots;
        roots.add(holder);
        UnfinishedPulls unfinished = new UnfinishedPulls(store, clock);
        roots.add(unfinished);
        ImageNames names = new ImageNames(catalog);
        EventSource source = new EventSource(catalog, events);
        ImageAssembly assembly = new ImageAssembly(catalog, store);
        ImageList list = new ImageList(catalog, store, users, names);
        return new ImageServices(
                new CatalogImages(catalog, names, list, store, source),
                new RegistryTransfers(catalog, unfinished, new UnfinishedPushes(store, clock), store, registry, source),
                new ArchiveFiles(catalog, names, store, assembly, source, changes),
                new CatalogRemoval(catalog, names, list, store, roots, holder, unfinished, users, source),
                new CatalogWriter(assembly, source));
    }
}
