package dev.forno.engine.images;

import java.util.List;

/**
 * The disk space of images, for {@code system df}.
 *
 * @param layersSize the bytes of all layers, each counted once
 */
public record ImagesUsage(long layersSize, List<ImageSummary> images) {}
