package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must be true of a manifest and of what it says, so that its image can be used here and passed on. */
final class PullClaims {
    private PullClaims() {}

    /**
     * Requires the manifest of an image whose layers can be read. Artifacts that only share the form of images, as charts and
     * signatures, have another kind of configuration.
     */
    static void requireImage(Manifest manifest) {
        String type = manifest.config().mediaType();
        if (!type.equals(MediaTypes.OCI_CONFIG) && !type.equals(MediaTypes.DOCKER_CONFIG)) {
            String artifact = manifest.artifactType();
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "unsupported media type " + (artifact == null ? type : artifact)
                            + ": this is an artifact, not an image");
        }
        for (Descriptor layer : manifest.layers()) {
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "unsupported media type " + layer.mediaType());
            }
        }
        requireOneSizeEach(manifest);
    }

    private static void requireOneSizeEach(Manifest manifest) {
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(manifest.config());
        Map<Digest, Long> sizes = new HashMap<>();
        for (Descriptor blob : blobs) {
            Long other = sizes.putIfAbsent(blob.contentDigest(), blob.size());
            if (other != null && other != blob.size()) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "pull image: the manifest says of " + blob.digest() + " that it has " + other
                                + " bytes, and that it has " + blob.size());
            }
        }
    }

    /** Requires that content which is here has the size that what lists it says: who got it from here would not accept it. */
    static void requireSize(Descriptor described, long size) {
        if (described.size() != size) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "pull image: " + described.digest() + " has " + size + " bytes, what lists it says "
                            + described.size());
        }
    }

    /** Requires an image for this machine's operating system, or for the one that was asked for; some images name none. */
    static void requireSystem(ImageConfig config, @Nullable Platform wanted) {
        String system = (wanted == null ? Platform.host() : wanted).os();
        if (!config.os().isEmpty() && !system.equalsIgnoreCase(config.os())) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "image operating system \"" + config.os() + "\" cannot be used on this platform");
        }
    }
}
