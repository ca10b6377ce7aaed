package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.linux.mounts.Mount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** An EROFS snapshotter that leaves no mount and no loop device when a test is over. */
abstract class ErofsFixture {
    @Parameter
    @SuppressWarnings("NullAway.Init")
    Way way;

    @TempDir
    Path own;

    @SuppressWarnings("NullAway.Init")
    Snapshotter erofs;

    @BeforeEach
    void begin() {
        erofs = open();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        erofs.snapshots().forEach(Snapshot::remove);
        erofs.close();
        erofs.close();
        assertNothingMounted(own);
    }

    /** Opens the snapshotter of the test's directory, again as after a restart. */
    Snapshotter open() {
        return ErofsSnapshotter.open(own, way, Caching.DIRECT, digest -> {});
    }

    Digest install(LayerTar tar) {
        byte[] bytes = tar.bytes();
        return erofs.install(new ByteArrayInputStream(bytes), () -> Digest.of(bytes))
                .diffId();
    }

    Digest layer(String name, String text) {
        return install(new LayerTar().directory("d").file("d/" + name, text));
    }

    List<Path> imageMounts() throws IOException {
        return mountsIn(own.resolve("images"));
    }

    Path indexOf(Digest... layers) {
        return own.resolve("images").resolve(Lower.merged(List.of(layers)).name());
    }

    static List<Path> mountsIn(Path directory) throws IOException {
        Path real = directory.toRealPath();
        return Mounts.table().stream()
                .map(Mount::target)
                .filter(target -> target.startsWith(real))
                .toList();
    }

    /** A loop device goes with its last user: when the kernel is done, and whoever looks at all devices. */
    static void assertNothingMounted(Path directory) throws Exception {
        assertEquals(List.of(), mountsIn(directory));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!loopsIn(directory).isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertEquals(List.of(), loopsIn(directory));
    }

    /** The files below the directory that loop devices have open. */
    private static List<Path> loopsIn(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            for (Path device : devices) {
                try {
                    files.add(Path.of(Files.readString(device.resolve("loop/backing_file"))
                            .strip()));
                } catch (NoSuchFileException e) {
                    // not attached
                }
            }
        }
        Path real = directory.toRealPath();
        return files.stream().filter(file -> file.startsWith(real)).toList();
    }
}
