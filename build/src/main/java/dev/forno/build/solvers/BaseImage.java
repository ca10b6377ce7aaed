package dev.forno.build.solvers;

import dev.forno.oci.Digest;
import dev.forno.oci.ImageConfig;

/** An image to build on or to copy from, with its layers installed. */
public record BaseImage(Digest id, ImageConfig config) {}
