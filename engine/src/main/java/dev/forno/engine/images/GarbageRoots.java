package dev.forno.engine.images;

import dev.forno.engine.Trial;
import dev.forno.oci.Digest;
import dev.forno.store.Store;
import dev.forno.store.garbage.Collected;
import dev.forno.store.garbage.Roots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Everyone who needs content of the store. Each service adds itself when it is made; nothing may be collected before all
 * have. Thread-safe.
 */
public final class GarbageRoots {
    private final List<Supplier<Roots>> holders = new CopyOnWriteArrayList<>();

    /** Nobody yet. */
    public GarbageRoots() {}

    /** Adds a holder, which is asked at each collection for what it needs then. */
    public void add(Supplier<Roots> holder) {
        holders.add(holder);
    }

    /** What any holder needs now. */
    public Roots all() {
        return union(Supplier::get);
    }

    private Roots union(Function<Supplier<Roots>, Roots> needs) {
        Set<Digest> blobs = new HashSet<>();
        Set<Digest> layers = new HashSet<>();
        Set<List<Digest>> chains = new HashSet<>();
        for (Supplier<Roots> holder : holders) {
            Roots roots = needs.apply(holder);
            blobs.addAll(roots.blobs());
            layers.addAll(roots.layers());
            chains.addAll(roots.chains());
        }
        return new Roots(blobs, layers, chains);
    }

    /** Removes from the store what nobody needs. */
    public Collected collect(Store store) {
        return store.garbage().collect(this::all);
    }

    /** The bytes that {@link #collect} would free after the steps of a trial, beyond what the steps before would. */
    public long tryCollect(Store store, Trial trial) {
        Collected all = store.garbage().preview(() -> union(trial::needs), trial::isContainerGone);
        return trial.freed(all.bytes());
    }
}
