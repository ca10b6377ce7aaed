package dev.forno.engine.images;

import dev.forno.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Chain ids: what identifies a layer together with those below it (OCI image spec, config.md, "Layer ChainID"). */
final class Chains {
    private Chains() {}

    /** The chain id of every layer, lowest first. */
    static List<Digest> of(List<Digest> diffIds) {
        List<Digest> chains = new ArrayList<>();
        for (Digest diffId : diffIds) {
            chains.add(
                    chains.isEmpty()
                            ? diffId
                            : Digest.of((chains.getLast() + " " + diffId).getBytes(StandardCharsets.UTF_8)));
        }
        return chains;
    }
}
