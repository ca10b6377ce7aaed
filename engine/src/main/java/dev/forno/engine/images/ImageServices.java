package dev.forno.engine.images;

/** The services of images, made together and sharing one state. */
public record ImageServices(
        Images images, ImageTransfers transfers, ImageArchives archives, ImageRemoval removal, ImageWriter writer) {}
