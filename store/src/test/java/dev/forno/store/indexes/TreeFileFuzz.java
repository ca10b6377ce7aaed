package dev.forno.store.indexes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** A tree's file that is damaged: refused as data loss, or read as a tree that can be indexed. */
public final class TreeFileFuzz {
    private TreeFileFuzz() {}

    /** The input is the file without its checksum. */
    public static void fuzzerTestOneInput(byte[] input) {
        LayerTree tree;
        try {
            tree = LayerTree.read(new ByteArrayInputStream(sealed(input)), "layer");
        } catch (FornoException e) {
            IndexFuzz.check(
                    e.kind() == ErrorKind.DATA_LOSS, "a refusal of the kind " + e.kind() + ": " + e.getMessage());
            return;
        }
        tree.write(new ByteArrayOutputStream());
        IndexFuzz.index(List.of(tree));
    }

    private static byte[] sealed(byte[] input) {
        CRC32C checksum = new CRC32C();
        checksum.update(input);
        return ByteBuffer.allocate(input.length + 4)
                .put(input)
                .putInt((int) checksum.getValue())
                .array();
    }
}
