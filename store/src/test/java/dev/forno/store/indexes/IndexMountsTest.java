package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel reads the indexes of strange layers, all that fuzzing came across: every name, attribute and byte. */
class IndexMountsTest {
    @TempDir
    Path directory;

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/Index"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyNameIsThere(Path script) throws IOException {
        ErofsSupport support = Probed.SUPPORT;
        assumeTrue(support.way().isPresent(), "this machine doesn't mount EROFS indexes");
        List<LayerTree> trees = new ArrayList<>();
        List<Path> tars = new ArrayList<>();
        for (byte[] tar : LayerScript.layers(Files.readAllBytes(script))) {
            try {
                trees.add(TreeScan.scan(new ByteArrayInputStream(tar), directory.resolve("extra")));
                tars.add(Files.write(directory.resolve("layer" + tars.size()), tar));
            } catch (FornoException e) {
                assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind()); // that layer is left out
            }
        }
        MergedTree merged = MergedTree.of(trees);
        Path index = Files.write(directory.resolve("index"), IndexFuzz.index(trees));
        List<Path> devices = merged.devices().stream()
                .map(device -> tars.get(device.layer()))
                .toList();
        Path target = Files.createDirectory(directory.resolve("mounted"));
        ErofsMount.mount(support.way().orElseThrow(), index, devices, target, ErofsMount.Caching.BUFFERED);
        try (Root root = Root.open(target)) {
            assertEquals(merged.entries(), count(root, ""));
        } finally {
            Mounts.unmount(target);
        }
    }

    private static int count(Root root, String path) throws IOException {
        int count = 0;
        for (String name : root.list(path)) {
            String child = path.isEmpty() ? name : path + "/" + name;
            FileStat stat = root.stat(child);
            for (String attribute : root.xattrs(child)) {
                root.xattr(child, attribute);
            }
            if (stat.isFile()) {
                assertEquals(stat.size(), root.readAll(child, 1 << 20).length, child);
            }
            count += 1 + (stat.isDirectory() ? count(root, child) : 0);
        }
        return count;
    }

    /** Asked once. */
    private static final class Probed {
        private static final ErofsSupport SUPPORT = ErofsProbe.probe(Path.of(System.getProperty("java.io.tmpdir")));
    }
}
