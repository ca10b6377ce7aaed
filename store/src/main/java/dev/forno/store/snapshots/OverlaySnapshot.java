package dev.forno.store.snapshots;

import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.failures.Failures;
import dev.forno.store.snapshots.Layering.Lowers;
import dev.forno.store.workers.Workers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A snapshot of {@link OverlaySnapshotter}. It holds no state of its own: everything is in its directory. */
final class OverlaySnapshot implements Snapshot {
    /** For all snapshots: mounting is rare and quick, and two objects may stand for one snapshot. */
    private static final ReentrantLock MOUNTING = new ReentrantLock();

    private final String key;
    private final Path active;
    private final SnapshotLayout layout;
    private final Layering layering;
    private final Workspace workspace;

    OverlaySnapshot(String key, Path active, Layering layering, Workspace workspace) {
        this.key = key;
        this.active = active;
        this.layout = new SnapshotLayout(active.resolve(key));
        this.layering = layering;
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
    public SnapshotPaths paths() {
        try {
            return new SnapshotPaths(layering.paths(layout), layout.upper(), layout.work(), layout.merged());
        } catch (IOException e) {
            throw Failures.of("read snapshot " + key, e);
        }
    }

    @Override
    public Path mount() {
        MOUNTING.lock();
        try {
            if (!layout.isMounted()) {
                try (Lowers lowers = layering.lowers(layout)) {
                    Mounts.overlay(lowers.directories(), layout.upper(), layout.work(), layout.merged());
                }
            }
            return layout.merged();
        } catch (IOException e) {
            throw Failures.of("mount snapshot " + key, e);
        } finally {
            MOUNTING.unlock();
        }
    }

    @Override
    public void unmount() {
        unmount(MountPoint::unmount);
    }

    private void unmount(Unmounting way) {
        MOUNTING.lock();
        try {
            way.unmount(layout.merged());
        } catch (IOException e) {
            throw Failures.of("unmount snapshot " + key, e);
        } finally {
            MOUNTING.unlock();
        }
    }

    @Override
    public List<Change> changes() {
        return Workers.run("compare snapshot " + key, () -> {
            try (Lowers lowers = layering.lowers(layout)) {
                return new OverlayChanges(layout.upper(), lowers.directories()).list();
            }
        });
    }

    @Override
    public long usage() {
        return Workers.run("measure snapshot " + key, layout::usage);
    }

    @Override
    public void writeDiff(OutputStream out) {
        try {
            layout.writeDiff(new TarWriter(out));
        } catch (IOException e) {
            throw Failures.of("archive snapshot " + key, e);
        }
    }

    @Override
    public void remove() {
        unmount(MountPoint::unmountHere);
        workspace.moveAway(active, key, "remove snapshot " + key);
    }

    /** Makes the unmounted snapshot a layer; it is gone afterwards. */
    Layer seal(Capture capture) {
        return Workers.run("commit snapshot " + key, () -> {
            unmount();
            Layer layer = capture.of(layout);
            remove();
            return layer;
        });
    }

    Layer capture(OutputStream copy) {
        return Workers.run("export snapshot " + key, () -> layering.capture(layout, copy, false));
    }

    private interface Unmounting {
        void unmount(Path directory) throws IOException;
    }

    /** A way to make a layer of a snapshot's changes. */
    interface Capture {
        Layer of(SnapshotLayout snapshot) throws IOException;
    }
}
