package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.RawTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What crashes and damage leave of layers and indexes, with each way to mount them. Needs root. */
@ParameterizedClass
@EnumSource(Way.class)
class ErofsDamageTest extends ErofsFixture {
    @Test
    void aCrashLeavesNothingBehind() throws Exception {
        Digest base = layer("f", "text");
        erofs.prepare("s", List.of(base)).mount();
        // An engine that is killed leaves the image mounted, and maybe a probe in the temporary directory.
        Path probe = Files.createDirectories(own.resolve("temporary/77/mounted"));
        ErofsMount.mount(
                way, indexOf(base).resolve("index"), List.of(erofs.tar(base).orElseThrow()), probe, Caching.BUFFERED);
        Path unfinished = Files.createDirectories(own.resolve("images/sha256-0/mount"));
        erofs = open();
        assertFalse(Files.exists(probe));
        assertFalse(Files.exists(unfinished));
        assertEquals(List.of(), mountsIn(own.resolve("temporary")));
        erofs.snapshot("s").orElseThrow().remove();
    }

    @Test
    void aDamagedIndexIsMadeAnew() throws Exception {
        Digest base = layer("f", "text");
        for (Damage damage : List.<Damage>of(
                index -> Files.write(index.resolve("index"), new byte[4096]),
                index -> Files.delete(index.resolve("index")),
                index -> flip(index.resolve("index")),
                index -> Files.write(index.resolve("about"), new byte[0]),
                index -> Files.write(index.resolve("about"), new byte[] {(byte) 0xff, 0, 1}),
                index -> Files.delete(index.resolve("about")),
                index -> unreadable(index.resolve("about")))) {
            erofs.index(List.of(base));
            damage.to(indexOf(base));
            Snapshot snapshot = erofs.prepare("s", List.of(base));
            assertEquals("text", Files.readString(snapshot.mount().resolve("d/f")));
            snapshot.remove();
            erofs.close();
            assertEquals(List.of(), imageMounts());
        }
    }

    private interface Damage {
        void to(Path path) throws IOException;
    }

    /** Reading a directory fails as reading from a broken disk does. */
    static void unreadable(Path file) throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aDamagedTreeIsReadFromTheTarAgain() throws Exception {
        Digest base = layer("f", "text");
        forgetTree(base);
        Path file = erofs.tar(base).orElseThrow().resolveSibling("tree");
        byte[] expected = Files.readAllBytes(file);
        for (Damage damage :
                List.<Damage>of(Files::delete, ErofsDamageTest::flip, tree -> Files.write(tree, new byte[0]))) {
            damage.to(file);
            Snapshot snapshot = erofs.prepare("s", List.of(base));
            assertEquals("text", Files.readString(snapshot.mount().resolve("d/f")));
            assertArrayEquals(expected, Files.readAllBytes(file));
            snapshot.remove();
            erofs.detachIndex(erofs.indexes().getFirst()).orElseThrow().discard();
        }
    }

    /** The tree of a new layer is kept in memory for one index; from the next one on it is read. */
    private void forgetTree(Digest layer) {
        erofs.index(List.of(layer));
        erofs.detachIndex(erofs.indexes().getFirst()).orElseThrow().discard();
    }

    /** Pieces of a sparse file that lie at no whole block: what can't be pointed to in the tar. */
    private static byte[] misaligned() {
        return new RawTar()
                .special(
                        'x',
                        "24 GNU.sparse.size=2000\n26 GNU.sparse.numblocks=2\n29 GNU.sparse.map=3,4,1001,3\n"
                                .getBytes(UTF_8))
                .entry("sparse", '0', 7)
                .data("abcdxyz".getBytes(UTF_8))
                .data(new byte[505])
                .end();
    }

    @Test
    void lostFurtherContentsAreTakenFromTheTarAgain() throws Exception {
        byte[] tar = misaligned();
        Digest base = erofs.install(new ByteArrayInputStream(tar), () -> Digest.of(tar))
                .diffId();
        Path extra = erofs.tar(base).orElseThrow().resolveSibling("extra");
        byte[] expected = Files.readAllBytes(extra);
        byte[] content = new byte[2000];
        System.arraycopy("abcd".getBytes(UTF_8), 0, content, 3, 4);
        System.arraycopy("xyz".getBytes(UTF_8), 0, content, 1001, 3);
        for (Damage damage : List.<Damage>of(path -> {}, Files::delete, path -> Files.write(path, new byte[0]))) {
            damage.to(extra);
            Snapshot snapshot = erofs.prepare("s", List.of(base));
            assertArrayEquals(content, Files.readAllBytes(snapshot.mount().resolve("sparse")));
            assertArrayEquals(expected, Files.readAllBytes(extra));
            snapshot.remove();
            erofs.detachIndex(erofs.indexes().getFirst()).orElseThrow().discard();
        }
    }

    @Test
    void alteredAndLostTarsAreNamed() throws Exception {
        Digest base = layer("f", "text");
        forgetTree(base);
        Path tar = erofs.tar(base).orElseThrow();
        Files.delete(tar.resolveSibling("tree"));
        flip(tar);
        assertLost(base, () -> erofs.prepare("s", List.of(base)));
        flip(tar);
        Snapshot snapshot = erofs.prepare("s", List.of(base));
        Files.delete(tar);
        assertLost(base, snapshot::mount);
    }

    @Test
    void aLayerThatCannotBeReadIsNotSaidToBeLost() throws Exception {
        Digest base = layer("f", "text");
        Snapshot snapshot = erofs.prepare("s", List.of(base));
        unreadable(own.resolve("layers").resolve(LayerDirectories.name(base)).resolve("about"));
        FornoException e = assertThrows(FornoException.class, snapshot::mount);
        assertEquals(ErrorKind.INTERNAL, e.kind(), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("read layer " + base), e.getMessage());
        layer("f", "text");
        assertEquals("text", Files.readString(snapshot.mount().resolve("d/f")));
    }

    private static void assertLost(Digest layer, org.junit.jupiter.api.function.Executable action) {
        FornoException e = assertThrows(FornoException.class, action);
        assertEquals(ErrorKind.DATA_LOSS, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains(layer.toString()), e.getMessage());
    }
}
