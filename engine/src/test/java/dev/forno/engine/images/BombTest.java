package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few kilobytes that become more than the disk has: a clear error, and the disk is as free as before. Needs root. */
class BombTest {
    private static final int DISK = 24 << 20;

    @TempDir
    Path directory;

    private @Nullable Path disk;

    private ImageFixture open(SnapshotterChoice choice) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Path small = Files.createDirectory(directory.resolve("disk"));
        Mounts.mount("tmpfs", small, "tmpfs", 0, "size=" + DISK);
        disk = small;
        try {
            return new ImageFixture(Store.open(small.resolve("store"), InstantSource.system(), choice));
        } catch (FornoException e) {
            assumeTrue(e.kind() != ErrorKind.UNAVAILABLE, e.getMessage());
            throw e;
        }
    }

    @AfterEach
    void unmount() throws IOException {
        if (disk != null) {
            Mounts.unmount(disk);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNPACK", "EROFS_LOOP"})
    void bombsGoOffInABox(SnapshotterChoice choice) throws IOException {
        try (ImageFixture fixture = open(choice);
                HostileRegistry registry = new HostileRegistry()) {
            byte[] bomb =
                    new HostileTar().entry('0', "zeros", "", new byte[2 * DISK]).end();
            for (UnaryOperator<byte[]> packing : List.<UnaryOperator<byte[]>>of(HostileImage::gzip, Zstd::compress)) {
                HostileImage image =
                        new HostileImage(HostileImage.of(List.of(bomb)).config(), List.of(packing.apply(bomb)));
                assertTrue(image.blobs().getFirst().length < DISK / 100, "no bomb");
                registry.serve(image);
                refused(fixture, () -> fixture.services
                        .transfers()
                        .pull(PullRequest.of(Reference.parse(registry.image())), Progress.Listener.NONE));
                refused(fixture, () -> load(fixture, image));
            }
            HostileImage small =
                    HostileImage.of(List.of(new HostileTar().file("f", "x").end()));
            assertEquals(1, load(fixture, small).size());
        }
    }

    private static List<Image> load(ImageFixture fixture, HostileImage image) {
        byte[] archive = image.archive("bomb:latest");
        return fixture.services.archives().load(new ByteArrayInputStream(archive), true, Progress.Listener.NONE);
    }

    private void refused(ImageFixture fixture, Runnable work) throws IOException {
        FornoException e = assertThrows(FornoException.class, work::run);
        assertEquals(ErrorKind.RESOURCE_EXHAUSTED, e.kind(), e.getMessage());
        fixture.roots.collect(fixture.store);
        assertEquals(List.of(), fixture.store.content().list());
        assertEquals(List.of(), fixture.store.snapshotter().layers());
        long free = Files.getFileStore(directory.resolve("disk")).getUsableSpace();
        assertTrue(free > DISK / 4 * 3, () -> "only " + free + " bytes are free again");
    }

    @Test
    void holesOfAnArchiveAreNotRead() throws IOException {
        try (ImageFixture fixture = open(SnapshotterChoice.UNPACK)) {
            byte[] archive = new HostileTar()
                    .pax("GNU.sparse.map", "0,1")
                    .pax("GNU.sparse.size", Long.toString(1L << 40))
                    .file("x/layer.tar", "x")
                    .end();
            FornoException e = assertThrows(FornoException.class, () -> fixture.services
                    .archives()
                    .load(new ByteArrayInputStream(archive), true, Progress.Listener.NONE));
            assertTrue(e.getMessage().contains("sparse"), e.getMessage());
        }
    }
}
