package dev.forno.engine.containers;

import dev.forno.oci.Digest;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.leases.Lease;
import dev.forno.store.leases.Leases;
import dev.forno.store.snapshots.Snapshotter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * The topmost layer of every container, below its own changes: the mount points that the runtime needs. So they are not
 * changes of the container and appear neither in a diff nor in a committed image.
 */
final class InitLayer {
    private final Snapshotter snapshotter;
    private final Leases leases;
    private final byte[] tar = tar();
    private final Digest diffId = Digest.of(tar);

    InitLayer(Snapshotter snapshotter, Leases leases) {
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /** The layer's diffID. */
    Digest diffId() {
        return diffId;
    }

    /** Protects the layer for as long as the lease is open, and installs it when it is not there. */
    Lease lease() {
        Lease lease = leases.open("create container");
        try {
            lease.protect(diffId);
            if (snapshotter.layer(diffId).isEmpty()) {
                snapshotter.install(new ByteArrayInputStream(tar), () -> diffId);
            }
            return lease;
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private static byte[] tar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(bytes);
        try {
            for (String directory : new String[] {"dev", "dev/pts", "dev/shm", "proc", "sys"}) {
                writer.add(TarEntry.directory(directory, 0755, Instant.EPOCH));
            }
            for (String file : new String[] {".dockerenv", "etc/hostname", "etc/hosts", "etc/resolv.conf"}) {
                writer.add(
                        TarEntry.file(file, file.startsWith(".") ? 0755 : 0644, 0, Instant.EPOCH),
                        InputStream.nullInputStream());
            }
            writer.add(TarEntry.symlink("etc/mtab", "/proc/mounts", Instant.EPOCH));
            writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }
}
