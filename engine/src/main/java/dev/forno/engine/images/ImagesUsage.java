package dev.forno.engine.images;

import java.util.List;

/**
 * The disk space of images, for {@code system df}.
 *
 * @param layersSize the bytes of all layers, each counted once
 * @param reclaimable of these, the bytes of layers that only images without a container have
 * @param holdings what each image needs
 */
public record ImagesUsage(long layersSize, long reclaimable, List<ImageSummary> images, List<ImageHolding> holdings) {}
