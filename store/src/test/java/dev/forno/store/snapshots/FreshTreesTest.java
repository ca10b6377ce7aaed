package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.indexes.LayerTree;
import dev.forno.store.indexes.TreeBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreshTreesTest {
    private static final Digest FIRST = Digest.of(new byte[] {1});
    private static final Digest SECOND = Digest.of(new byte[] {2});

    private final FreshTrees fresh = new FreshTrees(10_000);

    /** A tree of one entry, whose link makes it weigh so much. */
    private static LayerTree tree(int link) {
        TreeBuilder builder = new TreeBuilder();
        builder.add(TarEntry.symlink("l", "x".repeat(link), Instant.EPOCH), 0);
        return builder.build(1024);
    }

    @Test
    void whatEntriesHoldCounts() {
        LayerTree small = tree(10);
        LayerTree large = tree(4000);
        assertTrue(small.weight() < 1000 && large.weight() > 4000, small.weight() + ", " + large.weight());
        for (int i = 0; i < 10; i++) { // the same again doesn't count twice
            fresh.keep(FIRST, large);
            fresh.keep(SECOND, large);
        }
        assertSame(large, fresh.take(FIRST).orElseThrow());
        assertEquals(Optional.empty(), fresh.take(FIRST));
        fresh.keep(FIRST, small);
        fresh.keep(Digest.of(new byte[] {3}), large);
        fresh.keep(Digest.of(new byte[] {4}), large);
        assertEquals(Optional.empty(), fresh.take(SECOND), "the oldest goes");
    }

    @Test
    void whatIsTooHeavyIsNotKept() {
        FreshTrees few = new FreshTrees(4000);
        LayerTree small = tree(10);
        few.keep(FIRST, small);
        few.keep(SECOND, tree(4000));
        assertEquals(Optional.empty(), few.take(SECOND));
        assertSame(small, few.take(FIRST).orElseThrow());
    }
}
