package dev.forno.build.solvers;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.snapshots.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives a container the places where its runtime mounts things (/proc, /etc/hosts …) as a layer of their own below the
 * writable tree, so that a step's layer doesn't contain them.
 */
final class MountPoints {
    private static final List<String> DIRECTORIES =
            List.of("/dev", "/dev/mqueue", "/dev/pts", "/dev/shm", "/etc", "/proc", "/sys");
    private static final List<String> FILES = List.of("/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

    private MountPoints() {}

    /** An active snapshot over the layers and, where the image lacks some of the places, over a layer of those. */
    static Snapshot prepare(Store store, String key, List<Digest> layers) {
        Snapshot snapshot = store.snapshotter().prepare(key, layers);
        byte[] missing;
        try (Root root = Root.open(snapshot.mount())) {
            missing = missing(root);
        } catch (IOException | RuntimeException e) {
            snapshot.remove();
            throw e instanceof FornoException known
                    ? known
                    : new FornoException(ErrorKind.INTERNAL, "prepare root: " + e.getMessage(), e);
        }
        if (missing.length == 0) {
            return snapshot;
        }
        snapshot.remove();
        List<Digest> all = new ArrayList<>(layers);
        all.add(store.layers().store(new ByteArrayInputStream(missing)).diffId());
        return store.snapshotter().prepare(key, all);
    }

    /** A tar of the places that are not there, empty when all are. */
    private static byte[] missing(Root root) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes);
        Set<String> written = new HashSet<>();
        for (String path : DIRECTORIES) {
            if (root.find(path).isEmpty() && parent(root, path, tar, written)) {
                tar.add(TarEntry.directory(path.substring(1), 0755, Instant.EPOCH));
                written.add(path);
            }
        }
        for (String path : FILES) {
            if (root.find(path).isEmpty() && parent(root, path, tar, written)) {
                tar.add(TarEntry.file(path.substring(1), 0644, 0, Instant.EPOCH));
            }
        }
        if (tar.entries() == 0) {
            return new byte[0];
        }
        tar.finish();
        return bytes.toByteArray();
    }

    /** A directory that is there keeps its attributes; below what is no directory (a link) nothing is made. */
    private static boolean parent(Root root, String path, TarWriter tar, Set<String> written) throws IOException {
        String parent = path.substring(0, path.lastIndexOf('/'));
        if (parent.isEmpty() || !written.add(parent)) {
            return true;
        }
        Optional<FileStat> stat = root.find(parent);
        if (stat.isEmpty() || !stat.get().isDirectory()) {
            written.remove(parent);
            return false;
        }
        tar.add(TarEntry.directory(
                        parent.substring(1), stat.get().mode(), stat.get().modified())
                .withOwner(stat.get().uid(), stat.get().gid()));
        return true;
    }
}
