package dev.forno.store.archives;

/** What an entry named {@code .wh.…} means (OCI image spec, layer.md, "Whiteouts"). */
public enum Whiteouts {
    /** A file of that name, nothing more: for archives that aren't layers. */
    LITERAL,
    /**
     * A mark that the layer below loses something. In the tree it is what overlayfs takes for it: a character device 0/0
     * for a removed name, {@code trusted.overlay.opaque} for a directory that hides what is below.
     */
    OVERLAY
}
