package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.places.Remains;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Images as indexes into the tars of their layers, with each way to mount them. Needs root. */
@ParameterizedClass
@EnumSource(Way.class)
class ErofsImagesTest extends ErofsFixture {
    @Test
    void anImageIsOneDirectoryForAllItsContainers() throws Exception {
        List<Digest> layers =
                IntStream.range(0, 120).mapToObj(i -> layer("f" + i, "" + i)).toList();
        Snapshot one = erofs.prepare("one", layers);
        Snapshot two = erofs.prepare("two", layers);
        assertEquals(List.of(), imageMounts());
        assertEquals("7", Files.readString(one.mount().resolve("d/f7")));
        assertEquals("119", Files.readString(two.mount().resolve("d/f119")));
        assertEquals(1, imageMounts().size());
        assertEquals(imageMounts(), one.paths().lowers());
        one.remove();
        two.remove();
        assertEquals(1, imageMounts().size());
    }

    @Test
    void theTarIsTheLayer() throws Exception {
        Digest base = layer("f", "text");
        try (var in = Files.newInputStream(erofs.tar(base).orElseThrow())) {
            assertEquals(base, Digest.of(in));
        }
        Snapshot snapshot = erofs.prepare("s", List.of(base));
        Files.writeString(snapshot.mount().resolve("d/g"), "more");
        ByteArrayOutputStream diff = new ByteArrayOutputStream();
        snapshot.writeDiff(diff);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        Layer captured = erofs.capture(snapshot, copy);
        Layer sealed = erofs.seal(snapshot, new ByteArrayOutputStream());
        assertEquals(captured, sealed);
        assertArrayEquals(diff.toByteArray(), copy.toByteArray());
        Path file = erofs.tar(sealed.diffId()).orElseThrow();
        assertArrayEquals(diff.toByteArray(), Files.readAllBytes(file));
        byte[] tree = Files.readAllBytes(file.resolveSibling("tree"));
        erofs.removeLayer(sealed.diffId());
        assertTrue(erofs.tar(sealed.diffId()).isEmpty());
        erofs.install(new ByteArrayInputStream(diff.toByteArray()), sealed::diffId);
        assertArrayEquals(tree, Files.readAllBytes(file.resolveSibling("tree")));
    }

    @Test
    void contentIsInMemoryOnlyOnce() throws Exception {
        String text = "0123456789abcdef".repeat(1 << 16);
        Digest base = layer("f", text);
        Path tar = erofs.tar(base).orElseThrow();
        Path file = erofs.prepare("s", List.of(base)).mount().resolve("d/f");
        assertEquals(text, Files.readString(file));
        assertEquals(text.length() / PAGE, pagesInMemory(file));
        assertEquals(0, pagesInMemory(tar));
    }

    private static final int PAGE = 4096;

    private static long pagesInMemory(Path file) throws IOException {
        long count = 0;
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            for (long at = 0; at < channel.size(); at += PAGE) {
                long length = Math.min(PAGE, channel.size() - at);
                MemorySegment page = channel.map(FileChannel.MapMode.READ_ONLY, at, length, arena);
                count += page.isLoaded() ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void aSnapshotOfOtherChangesIsNotSealed() throws Exception {
        Snapshot snapshot = erofs.prepare("s", List.of());
        Files.writeString(snapshot.mount().resolve("f"), "text");
        FornoException e = assertThrows(FornoException.class, () -> erofs.seal(snapshot, Digest.of(new byte[3])));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
        assertEquals(List.of(), erofs.layers());
        assertEquals("text", Files.readString(snapshot.mount().resolve("f")));
    }

    @Test
    void stepsAreDirectoriesOfTheirOwnUntilTheImageIsWhole() throws Exception {
        Digest base = layer("f", "text");
        erofs.index(List.of(base));
        Digest step = install(new LayerTar().file("d/.wh.f", "").file("d/g", "more"));
        Snapshot above = erofs.prepare("above", List.of(base, step));
        Path root = above.mount();
        assertEquals(List.of("d", "d/g"), LayersContract.names(root));
        assertEquals(2, imageMounts().size());
        assertEquals(List.of(), above.changes());
        erofs.index(List.of(base, step));
        Path whole = erofs.prepare("whole", List.of(base, step)).mount();
        assertEquals(LayersContract.describe(root), LayersContract.describe(whole));
        assertEquals(3, imageMounts().size());
        above.unmount();
        assertEquals(List.of("d", "d/g"), LayersContract.names(above.mount()));
        assertEquals(List.of(), above.changes());
    }

    @Test
    void unusedIndexesAreRemoved() throws Exception {
        Digest base = layer("f", "text");
        Digest top = layer("g", "more");
        erofs.index(List.of(base));
        erofs.index(List.of(base, top));
        Snapshot snapshot = erofs.prepare("s", List.of(base, top));
        snapshot.mount();
        for (MergedIndex index : erofs.indexes()) {
            assertTrue(erofs.detachIndex(index).isEmpty());
        }
        snapshot.remove();
        for (MergedIndex index : erofs.indexes()) {
            erofs.detachIndex(index).orElseThrow().discard();
            assertFalse(Files.exists(index.path()));
        }
        assertEquals(List.of(), imageMounts());
        erofs.index(List.of(base, top));
        erofs.detachLayer(top).ifPresent(Remains::discard);
        assertEquals(List.of(), erofs.indexes());
    }
}
