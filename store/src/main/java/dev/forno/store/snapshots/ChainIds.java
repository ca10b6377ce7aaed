package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What identifies a layer together with those below it (OCI image spec, config.md, "Layer ChainID"). */
final class ChainIds {
    private ChainIds() {}

    /** The chain id of at least one layer, lowest first. */
    static Digest of(List<Digest> diffIds) {
        Digest chain = diffIds.getFirst();
        for (Digest diffId : diffIds.subList(1, diffIds.size())) {
            chain = next(chain, diffId);
        }
        return chain;
    }

    /** The chain id of a layer above a chain. */
    static Digest next(Digest chain, Digest diffId) {
        return Digest.of((chain + " " + diffId).getBytes(StandardCharsets.UTF_8));
    }
}
