package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.ImageConfig;
import java.util.List;

/**
 * An image of the engine: immutable, named by the digest of its configuration's bytes.
 *
 * @param id the digest of the configuration
 * @param config the configuration, read
 */
public record Image(Digest id, ImageConfig config) {
    /** The layers' uncompressed digests, lowest first: what a snapshot is prepared from. */
    public List<Digest> layers() {
        return config.diffIds();
    }
}
