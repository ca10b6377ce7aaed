package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.TarReader;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree made from a tar is what extracting the tar makes, marks of the layer included. Needs root. */
class LayerTreeDifferenceTest {
    private static final int SEEDS = Integer.getInteger("forno.test.seeds", 800);

    @TempDir
    Path temporary;

    @Test
    void strangeLayersGiveTheSameTreeOrAreRefusedAsWell() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] tar = StrangeTar.of(seed, true, seed % 3 == 0);
            Path directory = Files.createDirectory(temporary.resolve("x"));
            try (Root root = Root.open(directory)) {
                List<String> expected = extracted(root, tar);
                List<String> actual = scanned(tar);
                assertEquals("", TreeFacts.difference(expected, actual), "seed " + seed);
                assertEquals(expected, actual);
            } finally {
                try (Root above = Root.open(temporary)) {
                    above.removeAll("x");
                }
            }
        }
    }

    private static List<String> extracted(Root root, byte[] tar) throws Exception {
        Instant start = Instant.now().minusSeconds(2); // the kernel's clock for files ticks more slowly
        try (Extractor extractor = new Extractor(root, ExtractOptions.layer())) {
            extractor.extract(new TarReader(new ByteArrayInputStream(tar)));
            List<String> lines = ExtractedFacts.of(root, start);
            lines.addFirst("root " + extractor.rootSet() + " bytes " + extractor.bytes());
            return lines;
        } catch (FornoException e) {
            assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind(), e.getMessage());
            return List.of("refused");
        }
    }

    private List<String> scanned(byte[] tar) throws Exception {
        LayerTree tree;
        try {
            tree = TreeScan.scan(new ByteArrayInputStream(tar), temporary.resolve("extra"));
        } catch (FornoException e) {
            assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind(), e.getMessage());
            return List.of("refused");
        }
        assertEquals(tar.length, tree.tarBytes());
        List<String> lines = new ArrayList<>();
        MountedIndex.reread(tree).forEach(entry -> {
            if (!entry.path().isEmpty()) {
                lines.add(line(entry, tar));
            }
        });
        lines.addFirst("root " + tree.describesRoot() + " bytes " + tree.fileBytes());
        return lines;
    }

    private static String line(LayerEntry entry, byte[] tar) {
        if (entry.kind() == EntryKind.WHITEOUT) {
            return entry.path() + " whiteout";
        }
        if (entry.implied()) {
            return entry.path() + " implied" + (entry.opaque() ? " opaque" : "");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        entry.extents().forEach(e -> content.write(tar, (int) e.offset(), (int) e.length()));
        TreeMap<String, String> xattrs = new TreeMap<>();
        entry.xattrs().forEach((k, v) -> xattrs.put(k, HexFormat.of().formatHex(v)));
        boolean directory = entry.kind() == EntryKind.DIRECTORY;
        return entry.path() + " " + entry.kind() + " " + Integer.toOctalString(entry.mode()) + " "
                + Integer.toUnsignedString(entry.uid()) + ":" + Integer.toUnsignedString(entry.gid()) + " "
                + entry.modified() + " " + entry.major() + "," + entry.minor() + " "
                + entry.target() + " " + xattrs + (entry.opaque() ? " opaque" : "") + " "
                + HexFormat.of().formatHex(content.toByteArray()).hashCode() + (directory ? "" : " " + entry.size());
    }

    /** What the writer tells while it writes gives the same tree as reading what it wrote. */
    @Test
    void aTreeBuiltWhileWritingIsTheTreeThatIsRead() throws Exception {
        for (long seed = 0; seed < 150; seed++) {
            byte[] tar = StrangeTar.of(seed, true, false);
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            TreeBuilder builder = new TreeBuilder();
            TarWriter writer = new TarWriter(copy, builder::add);
            try {
                TarReader reader = new TarReader(new ByteArrayInputStream(tar));
                for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                    writer.add(entry.get(), reader.content());
                }
            } catch (FornoException e) {
                assertEquals(List.of("refused"), scanned(tar));
                continue;
            }
            writer.finish();
            assertEquals(
                    serialised(TreeScan.scan(new ByteArrayInputStream(copy.toByteArray()), temporary.resolve("extra"))),
                    serialised(builder.build(writer.position())));
        }
    }

    private static String serialised(LayerTree tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tree.write(out);
        return HexFormat.of().formatHex(out.toByteArray());
    }
}
