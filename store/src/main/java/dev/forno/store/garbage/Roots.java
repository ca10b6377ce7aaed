package dev.forno.store.garbage;

import dev.forno.oci.Digest;
import java.util.List;
import java.util.Set;

/**
 * What must stay.
 *
 * @param blobs every manifest, configuration and layer blob that is in use
 * @param layers the diffIDs of every layer in use
 * @param chains the diffIDs of every image in use, lowest first: what is merged for these stays merged
 */
public record Roots(Set<Digest> blobs, Set<Digest> layers, Set<List<Digest>> chains) {
    /** Of a holder that mounts no images. */
    public Roots(Set<Digest> blobs, Set<Digest> layers) {
        this(blobs, layers, Set.of());
    }
}
