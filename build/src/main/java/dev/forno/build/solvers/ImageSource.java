package dev.forno.build.solvers;

import dev.forno.oci.Platform;

/** Where a build gets images. Thread-safe. */
@FunctionalInterface
public interface ImageSource {
    /**
     * The image of that name, pulled when it isn't here; its layers are installed when this returns. Blocks.
     *
     * @throws dev.forno.oci.FornoException when there is none, with Docker's text
     */
    BaseImage resolve(String name, Platform platform);
}
