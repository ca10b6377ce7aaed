package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.oci.Digest;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How long indexes are mounted, with each way to mount them. Needs root. */
@ParameterizedClass
@EnumSource(Way.class)
class ErofsMountsTest extends ErofsFixture {
    @Test
    void whatIsMountedSurvivesTheEngine() throws Exception {
        Digest base = layer("f", "text");
        Path idle = erofs.prepare("idle", List.of(layer("g", "other"))).mount();
        erofs.snapshot("idle").orElseThrow().unmount();
        Path root = erofs.prepare("running", List.of(base)).mount();
        erofs.close();
        assertFalse(Files.exists(idle.resolve("d")));
        assertEquals("text", Files.readString(root.resolve("d/f")));
        List<Path> kept = imageMounts();
        assertEquals(1, kept.size());
        erofs = open();
        Path again = erofs.prepare("second", List.of(base)).mount();
        assertEquals("text", Files.readString(again.resolve("d/f")));
        assertEquals(kept, imageMounts());
        assertEquals(inode(root.resolve("d/f")), inode(again.resolve("d/f")));
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void fewImagesStayMountedThatNobodyUses() throws Exception {
        Digest used = layer("used", "text");
        Path root = erofs.prepare("used", List.of(used)).mount();
        for (int i = 0; i < 40; i++) {
            Snapshot snapshot = erofs.prepare("s" + i, List.of(layer("f" + i, "" + i)));
            snapshot.mount();
            snapshot.remove();
        }
        int mounted = imageMounts().size();
        assertTrue(mounted > 1 && mounted <= 25, "mounted: " + mounted);
        assertTrue(imageMounts().contains(indexOf(used).toRealPath().resolve("mount")));
        assertEquals("text", Files.readString(root.resolve("d/used")));
    }

    @Test
    void manyThreadsShareAndRemove() throws Exception {
        List<Digest> layers =
                IntStream.range(0, 4).mapToObj(i -> layer("f" + i, "" + i)).toList();
        List<Callable<Integer>> work = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            int mine = thread;
            work.add(() -> {
                for (int round = 0; round < 12; round++) {
                    int size = 1 + (mine + round) % layers.size();
                    Snapshot snapshot = erofs.prepare("s" + mine + "-" + round, layers.subList(0, size));
                    Path root = snapshot.mount();
                    assertEquals("" + (size - 1), Files.readString(root.resolve("d/f" + (size - 1))));
                    assertEquals(size, LayersContract.names(root.resolve("d")).size());
                    assertEquals(List.of(), snapshot.changes());
                    snapshot.remove();
                }
                return 0;
            });
        }
        work.add(() -> {
            for (int round = 0; round < 60; round++) {
                for (MergedIndex index : erofs.indexes()) {
                    erofs.detachIndex(index).ifPresent(Remains::discard);
                }
            }
            return 0;
        });
        try (var threads = Executors.newFixedThreadPool(work.size())) {
            for (Future<Integer> result : threads.invokeAll(work)) {
                assertEquals(0, result.get());
            }
        }
        assertNotEquals(0, erofs.layers().size());
    }

    /** As the runtime has one while it makes a container, and a system service for as long as it runs. */
    @Test
    void mountsInOtherNamespacesGoToo() throws Exception {
        Digest base = layer("f", "text");
        Snapshot stopped = erofs.prepare("stopped", List.of(base));
        stopped.mount();
        erofs.prepare("removed", List.of(base, layer("g", "more"))).mount();
        Process other =
                new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh", "-c", "echo; cat").start();
        try {
            assertEquals('\n', other.getInputStream().read());
            assertEquals(4, mountsOf(other));
            erofs.snapshot("removed").orElseThrow().remove();
            assertEquals(3, mountsOf(other));
            stopped.unmount();
            assertEquals(2, mountsOf(other));
            assertEquals("text", Files.readString(stopped.mount().resolve("d/f")));
            stopped.unmount();
            erofs.close();
            assertEquals(0, mountsOf(other));
            assertNothingMounted(own);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private long mountsOf(Process process) throws IOException {
        String directory = own.toRealPath().toString();
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/mountinfo"))) {
            return lines.filter(line -> line.contains(" " + directory + "/")).count();
        }
    }
}
