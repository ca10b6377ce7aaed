package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.PackOptions;
import dev.forno.store.archives.Packer;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.failures.Failures;
import dev.forno.store.workers.Workers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A snapshot of {@link UnpackSnapshotter}. It holds no state of its own: everything is in its directory. */
final class UnpackSnapshot implements Snapshot {
    /** For all snapshots: mounting is rare and quick, and two objects may stand for one snapshot. */
    private static final ReentrantLock MOUNTING = new ReentrantLock();

    private final String key;
    private final Path active;
    private final SnapshotLayout layout;
    private final UnpackLayers layers;
    private final Workspace workspace;

    UnpackSnapshot(String key, Path active, UnpackLayers layers, Workspace workspace) {
        this.key = key;
        this.active = active;
        this.layout = new SnapshotLayout(active.resolve(key));
        this.layers = layers;
        this.workspace = workspace;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public List<Digest> layers() {
        try {
            return layout.layers();
        } catch (IOException e) {
            throw Failures.of("read snapshot " + key, e);
        }
    }

    @Override
    public Path mount() {
        MOUNTING.lock();
        try {
            if (!isMounted()) {
                Mounts.overlay(lowers(), layout.upper(), layout.work(), layout.merged());
            }
            return layout.merged();
        } catch (IOException e) {
            throw Failures.of("mount snapshot " + key, e);
        } finally {
            MOUNTING.unlock();
        }
    }

    /** The lower directories, uppermost first. */
    private List<Path> lowers() throws IOException {
        List<Path> lowers = new ArrayList<>();
        lowers.add(layout.base());
        for (Digest diffId : layout.layers().reversed()) {
            Path tree = layers.tree(diffId);
            if (!Files.isDirectory(tree)) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "mount snapshot " + key + ": its layer " + diffId + " is not there any more");
            }
            lowers.add(tree);
        }
        return lowers;
    }

    private boolean isMounted() throws IOException {
        try (Fd merged = Fd.open(layout.merged(), Flags.O_PATH | Flags.O_DIRECTORY, 0);
                Fd parent = Fd.open(layout.directory(), Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return merged.stat().mountId() != parent.stat().mountId();
        }
    }

    @Override
    public void unmount() {
        MOUNTING.lock();
        try {
            if (Files.isDirectory(layout.merged()) && isMounted()) {
                Mounts.unmount(layout.merged());
            }
        } catch (IOException e) {
            throw Failures.of("unmount snapshot " + key, e);
        } finally {
            MOUNTING.unlock();
        }
    }

    @Override
    public List<Change> changes() {
        return Workers.run("compare snapshot " + key, () -> new OverlayChanges(layout.upper(), lowers()).list());
    }

    @Override
    public long usage() {
        return Workers.run("measure snapshot " + key, () -> {
            try (Root upper = Root.open(layout.upper())) {
                return new TreeUsage().of(upper.top());
            }
        });
    }

    @Override
    public void writeDiff(OutputStream out) {
        try (Root upper = Root.open(layout.upper())) {
            TarWriter tar = new TarWriter(out);
            new Packer(tar, PackOptions.layer()).pack(upper, "", "");
            tar.finish();
        } catch (IOException e) {
            throw Failures.of("archive snapshot " + key, e);
        }
    }

    @Override
    public void remove() {
        unmount();
        workspace.moveAway(active, key, "remove snapshot " + key);
    }

    Layer seal(Digest diffId) {
        unmount();
        Path work = workspace.create("commit snapshot " + key);
        try {
            long size = usage();
            try (Root upper = Root.open(layout.upper())) {
                new SocketRemoval().in(upper.top());
            }
            Files.move(layout.upper(), work.resolve("tree"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            Layer layer = layers.publish(work, diffId, new LayerAbout(size, false, List.of()));
            remove();
            return layer;
        } catch (IOException e) {
            throw Failures.of("commit snapshot " + key, e);
        } finally {
            workspace.discard(work);
        }
    }
}
