package dev.forno.store.indexes;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A file of the merged tree. */
final class MergedNode {
    /** The file as its layer has it. */
    final Node file;

    /** The layer that it comes from, which its extents refer to. */
    final int layer;

    final NavigableMap<byte[], MergedNode> children;

    /** What its owner, mode, time and extended attributes are; for a directory maybe another layer's. */
    Node attributes;

    /** Its names; for a directory with its own "." and the ".." of those in it. */
    int links;

    MergedNode(Node file, int layer) {
        this.file = file;
        this.attributes = file;
        this.layer = layer;
        this.children = file.isDirectory() ? new TreeMap<>(Node.BY_BYTES) : Collections.emptyNavigableMap();
    }

    boolean isDirectory() {
        return file.isDirectory();
    }
}
