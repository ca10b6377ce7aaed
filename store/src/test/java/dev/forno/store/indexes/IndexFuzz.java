package dev.forno.store.indexes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** From tars to one EROFS index: every layer is refused as an invalid argument, or its tree survives its file and is merged. */
public final class IndexFuzz {
    private static final Set<ErrorKind> REFUSALS = Set.of(ErrorKind.INVALID_ARGUMENT);
    private static final Path EXTRA = Path.of(
            System.getProperty("java.io.tmpdir"),
            "forno-fuzz-" + ProcessHandle.current().pid());

    private IndexFuzz() {}

    /** The input is a {@link LayerScript}. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<LayerTree> trees = new ArrayList<>();
        for (byte[] tar : LayerScript.layers(input)) {
            try {
                trees.add(again(TreeScan.scan(new ByteArrayInputStream(tar), EXTRA), tar.length));
            } catch (FornoException e) {
                check(REFUSALS.contains(e.kind()), "a refusal of the kind " + e.kind() + ": " + e.getMessage());
            }
        }
        byte[] index = index(trees);
        check(index.length % ErofsIndex.BLOCK == 0, "an index of " + index.length + " bytes");
        check(index.length < (16 << 10) + 64 * input.length, "a large index: " + index.length);
        check(Arrays.equals(index, index(trees)), "another index of the same trees");
    }

    /** The index over the trees, lowest first. */
    static byte[] index(List<LayerTree> trees) {
        MergedTree merged = MergedTree.of(trees);
        int sum = trees.stream().mapToInt(LayerTree::entries).sum();
        check(merged.entries() <= sum, "more names than the layers have");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ErofsIndex.write(merged, out);
        return out.toByteArray();
    }

    /** The tree as it comes from its file. */
    private static LayerTree again(LayerTree tree, long tarBytes) {
        byte[] written = bytes(tree);
        LayerTree read = LayerTree.read(new ByteArrayInputStream(written), "layer");
        check(Arrays.equals(written, bytes(read)), "a tree changed in its file");
        check(read.tarBytes() == tarBytes && read.fileBytes() <= tarBytes, "another size");
        read.forEach(entry -> entry.extents()
                .forEach(extent -> check(extent.offset() + extent.length() <= tarBytes, "content behind the tar")));
        return read;
    }

    private static byte[] bytes(LayerTree tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tree.write(out);
        return out.toByteArray();
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
