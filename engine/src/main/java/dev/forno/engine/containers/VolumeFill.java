package dev.forno.engine.containers;

import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.engine.volumes.Volume;
import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.store.failures.Failures;
import dev.forno.store.snapshots.Snapshot;
import java.util.List;
import java.util.Optional;

/** Gives empty volumes what the image has at their mount points. */
final class VolumeFill {
    private final LocalVolumes volumes;

    VolumeFill(LocalVolumes volumes) {
        this.volumes = volumes;
    }

    /**
     * Fills the volumes of a container that is being made.
     *
     * @param unclaimed its anonymous volumes, which the service does not know yet
     */
    void fill(Snapshot snapshot, List<MountPoint> mounts, List<Volume> unclaimed) {
        try (Root image = Root.open(snapshot.mount())) {
            for (MountPoint mount : mounts) {
                if (mount.type().equals("volume") && !mount.noCopy()) {
                    fill(image, mount, volume(mount.name(), unclaimed));
                }
            }
        } catch (ErrnoException e) {
            throw Failures.of("fill volumes", e);
        } finally {
            snapshot.unmount();
        }
    }

    private Volume volume(String name, List<Volume> unclaimed) {
        return unclaimed.stream().filter(v -> v.name().equals(name)).findFirst().orElseGet(() -> volumes.get(name));
    }

    private void fill(Root image, MountPoint mount, Volume volume) throws ErrnoException {
        Optional<FileStat> found = image.find(mount.destination());
        if (found.isEmpty() || !image.statFollowing(mount.destination()).isDirectory()) {
            return;
        }
        try (Root source = image.root(mount.destination())) {
            volumes.fillIfEmpty(volume, source);
        }
    }
}
