package dev.forno.engine.images;

import dev.forno.engine.Trial;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.Platform;

/** Removal of images and their disk space. Thread-safe. */
public interface ImageRemoval {
    /**
     * Removes a name and, when it was the last one, the image with what only it used.
     *
     * @param force remove an image by id though several names point to it or stopped containers use it
     * @param prune also remove untagged parents
     * @return what was done, in Docker's order, and the disk space that is free now
     * @see ErrorKind#NOT_FOUND no such image
     * @see ErrorKind#CONFLICT a container uses it, or several repositories name it, with Docker's texts
     */
    PruneReport remove(String name, boolean force, boolean prune);

    /**
     * Removes one platform's image of a name, which stays while it has images for other platforms.
     *
     * @see ErrorKind#NOT_FOUND no such image, or none for the platform
     * @see ErrorKind#CONFLICT a container uses it
     */
    PruneReport removePlatform(String name, Platform platform, boolean force);

    /** What {@link #remove} would do; it fails as that would, and changes nothing. */
    PruneReport tryRemove(String name, boolean force, boolean prune, Trial trial);

    /** What {@link #removePlatform} would do; it fails as that would, and changes nothing. */
    PruneReport tryRemovePlatform(String name, Platform platform, boolean force, Trial trial);

    /**
     * Removes the images that {@code filter} takes and that no container uses. {@link ImageFilter#dangling()} false
     * means all unused ones; true or null, as with Docker, only unnamed ones. All without further conditions also gives up
     * what pulls that broke off have brought.
     */
    PruneReport prune(ImageFilter filter);

    /** What {@link #prune} would do; nothing is changed. */
    PruneReport tryPrune(ImageFilter filter, Trial trial);

    /** The disk space of images. */
    ImagesUsage usage();
}
