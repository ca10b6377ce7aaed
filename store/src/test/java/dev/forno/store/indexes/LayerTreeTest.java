package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerTreeTest {
    @TempDir
    Path temporary;

    private byte[] tree(long seed) {
        for (long s = seed; ; s += 1000) {
            try {
                byte[] tar = StrangeTar.of(s, true, false);
                return bytes(TreeScan.scan(new ByteArrayInputStream(tar), temporary.resolve("extra")));
            } catch (FornoException e) {
                assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
            }
        }
    }

    private static byte[] bytes(LayerTree tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tree.write(out);
        return out.toByteArray();
    }

    private static LayerTree read(byte[] bytes) {
        return LayerTree.read(new ByteArrayInputStream(bytes), "layer x");
    }

    private static void assertDamaged(byte[] bytes) {
        FornoException e = assertThrows(FornoException.class, () -> read(bytes));
        assertEquals(ErrorKind.DATA_LOSS, e.kind(), e.getMessage());
        assertTrue(e.getMessage().contains("layer x"), e.getMessage());
    }

    @Test
    void everyDamageIsNoticed() {
        byte[] good = tree(7);
        assertArrayEquals(good, bytes(read(good)));
        for (int i = 0; i < good.length; i++) {
            assertDamaged(Arrays.copyOf(good, i));
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            assertDamaged(changed);
        }
        assertDamaged(Arrays.copyOf(good, good.length + 1));
    }

    /** With a right checksum over damage the rules of the format remain: a tree, or an error, never anything else. */
    @Test
    void noDamageMakesAnImpossibleTree() {
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] bytes = tree(i % 20);
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[5 + random.nextInt(bytes.length - 9)] = (byte) random.nextInt(256);
            }
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, 0, bytes.length - 4);
            ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
            try {
                LayerTree tree = read(bytes);
                ErofsIndex.write(MergedTree.of(java.util.List.of(tree)), new ByteArrayOutputStream());
            } catch (FornoException e) {
                assertEquals(ErrorKind.DATA_LOSS, e.kind(), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " refused");
    }

    @Test
    void impliedDirectoriesCountAgainstTheLimit() {
        TreeBuilder builder = new TreeBuilder();
        String deep = "/a".repeat(1800);
        FornoException e = assertThrows(FornoException.class, () -> {
            for (int i = 0; i < TreeBounds.MAX_ENTRIES; i++) {
                builder.add(TarEntry.file("x" + i + deep, 0644, 0, Instant.EPOCH), 0);
            }
        });
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(e.getMessage().contains("files and directories"), e.getMessage());
    }

    @Test
    void nestingThroughLinksIsBounded() {
        TreeBuilder builder = new TreeBuilder();
        String path = "d/".repeat(1500);
        FornoException e = assertThrows(FornoException.class, () -> {
            builder.add(TarEntry.directory(path, 0755, Instant.EPOCH), 0);
            builder.add(TarEntry.symlink("l", path, Instant.EPOCH), 0);
            builder.add(TarEntry.directory("l/" + path, 0755, Instant.EPOCH), 0);
        });
        assertTrue(e.getMessage().contains("deep"), e.getMessage());
    }

    /** A directory of this path that nothing describes, with a link {@code l} to it. */
    private static TreeBuilder linked(String path) {
        TreeBuilder builder = new TreeBuilder();
        builder.add(TarEntry.directory(path, 0755, Instant.EPOCH), 0);
        builder.add(TarEntry.symlink("l", path, Instant.EPOCH), 0);
        return builder;
    }

    @Test
    void impliedDirectoriesThatNoPathReachesAreLeftOut() {
        String path = ("d".repeat(250) + "/").repeat(16); // 4016 bytes
        TreeBuilder builder = linked(path);
        builder.add(TarEntry.file("l/" + "e".repeat(80) + "/f", 0600, 0, Instant.EPOCH), 0);
        builder.add(TarEntry.file("l/s/f", 0600, 0, Instant.EPOCH), 0);
        builder.add(TarEntry.file("l/s/" + "e".repeat(77) + "/f", 0600, 0, Instant.EPOCH), 0); // 4095 bytes
        builder.add(TarEntry.file("l/s/" + "e".repeat(78) + "/g/f", 0600, 0, Instant.EPOCH), 0);
        List<String> implied = builder.build(1024).implied();
        assertEquals(17, implied.size(), () -> "" + implied);
        assertEquals(path + "s/" + "e".repeat(77), implied.getLast());
    }

    @Test
    void pathsOfImpliedDirectoriesAreBounded() {
        TreeBuilder builder = linked("d".repeat(250));
        for (int i = 0; i < 100; i++) {
            builder.add(TarEntry.file("l/" + i + "/f", 0600, 0, Instant.EPOCH), 0);
        }
        Node root = builder.build(1024).node();
        assertEquals(100, new ImpliedPaths(30_000).in(root).size());
        FornoException e = assertThrows(FornoException.class, () -> new ImpliedPaths(20_000).in(root));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(e.getMessage().contains("more than 20000 bytes"), e.getMessage());
    }

    @Test
    void rootAndMarksAreKept() {
        TreeBuilder builder = new TreeBuilder();
        assertFalse(read(bytes(builder.build(1024))).describesRoot());
        builder.add(TarEntry.directory("./", 0711, Instant.ofEpochSecond(5, 6)), 0);
        builder.add(TarEntry.file("etc/.wh.gone", 0600, 0, Instant.EPOCH), 0);
        builder.add(TarEntry.file("opt/.wh..wh..opq", 0600, 0, Instant.EPOCH), 0);
        StringBuilder seen = new StringBuilder();
        LayerTree tree = read(bytes(builder.build(1024)));
        assertTrue(tree.describesRoot());
        tree.forEach(entry -> seen.append(entry.path())
                .append(' ')
                .append(entry.kind())
                .append(entry.opaque() ? " opaque" : "")
                .append(entry.implied() ? " implied" : "")
                .append('\n'));
        assertEquals(
                " DIRECTORY\netc DIRECTORY implied\netc/gone WHITEOUT\nopt DIRECTORY opaque implied\n",
                seen.toString());
        LayerEntry root = MergedTree.of(java.util.List.of(tree)).root();
        assertEquals(0711, root.mode());
        assertEquals(Instant.ofEpochSecond(5, 6), root.modified());
    }
}
