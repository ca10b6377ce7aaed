package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.Mounts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Layers from tar files, indexed, and mounted until it is closed. */
final class MountedIndex implements AutoCloseable {
    private final Path work;
    private final Path target;
    private final List<Path> devices = new ArrayList<>();
    private final Set<String> implied = new HashSet<>();
    private final MergedTree tree;

    /**
     * Indexes and mounts.
     *
     * @param work an empty directory
     * @param tars layers, lowest first
     */
    MountedIndex(Path work, List<Path> tars, ErofsMount.Way way, ErofsMount.Caching caching) throws Exception {
        this(work, tars, scan(work, tars), way, caching);
    }

    MountedIndex(Path work, List<Path> tars) throws Exception {
        this(work, tars, ErofsMount.Way.FILE, ErofsMount.Caching.BUFFERED);
    }

    private MountedIndex(
            Path work, List<Path> tars, List<LayerTree> trees, ErofsMount.Way way, ErofsMount.Caching caching)
            throws Exception {
        this.work = work;
        trees.forEach(layer -> layer.forEach(entry -> {
            if (entry.implied()) {
                implied.add(entry.path());
            }
        }));
        this.tree = MergedTree.of(trees);
        for (MergedTree.Device device : tree.devices()) {
            Path file = device.extra() ? extra(work, device.layer()) : tars.get(device.layer());
            assertEquals(device.bytes(), Files.size(file));
            devices.add(file);
        }
        byte[] bytes = bytes();
        assertArrayEquals(bytes, bytes(), "the same tree gives the same index");
        Files.write(index(), bytes);
        this.target = Files.createDirectory(work.resolve("mounted"));
        ErofsMount.mount(way, index(), devices, target, caching);
    }

    /** A tree that is known already. */
    static MountedIndex of(LayerTree tree, Path tar, Path work) throws Exception {
        return new MountedIndex(work, List.of(tar), List.of(tree), ErofsMount.Way.FILE, ErofsMount.Caching.BUFFERED);
    }

    private static List<LayerTree> scan(Path work, List<Path> tars) throws Exception {
        List<LayerTree> trees = new ArrayList<>();
        for (Path tar : tars) {
            try (InputStream in = Files.newInputStream(tar)) {
                trees.add(reread(TreeScan.scan(in, extra(work, trees.size()))));
            }
        }
        return trees;
    }

    private byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ErofsIndex.write(tree, out);
        return out.toByteArray();
    }

    /** Writes the tree and reads it again, which must change nothing. */
    static LayerTree reread(LayerTree tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tree.write(out);
        LayerTree again = LayerTree.read(new ByteArrayInputStream(out.toByteArray()), "layer");
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        again.write(second);
        assertArrayEquals(out.toByteArray(), second.toByteArray());
        assertEquals(tree.entries(), again.entries());
        return again;
    }

    private static Path extra(Path work, int layer) {
        return work.resolve("extra-" + layer);
    }

    Path index() {
        return work.resolve("index");
    }

    List<Path> devices() {
        return devices;
    }

    MergedTree tree() {
        return tree;
    }

    /** The directories that some layer has only as parents of others. */
    Set<String> implied() {
        return implied;
    }

    /** Where the tree is to be seen. */
    Path target() {
        return target;
    }

    @Override
    public void close() throws java.io.IOException {
        Mounts.unmount(target);
    }
}
