package dev.forno.store.garbage;

import dev.forno.oci.Digest;
import java.util.Set;

/**
 * What must stay.
 *
 * @param blobs every manifest, configuration and layer blob that is in use
 * @param layers the diffIDs of every layer in use
 */
public record Roots(Set<Digest> blobs, Set<Digest> layers) {}
