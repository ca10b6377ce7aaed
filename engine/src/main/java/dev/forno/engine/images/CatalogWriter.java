package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ImageConfig;

/** Records images of builds and commits. */
final class CatalogWriter implements ImageWriter {
    private final ImageAssembly assembly;
    private final EventSource events;

    CatalogWriter(ImageAssembly assembly, EventSource events) {
        this.assembly = assembly;
        this.events = events;
    }

    @Override
    public Image create(NewImage request) {
        byte[] config = Documents.write(ImageConfig.class, request.config());
        Digest parent = request.parent();
        Image image =
                assembly.assemble(config, request.newLayers(), parent, request.names(), Catalog.MoveListener.NONE);
        request.names().forEach(name -> events.tagged(image.id(), name));
        return image;
    }
}
