package dev.forno.store.indexes;

/** What a name in a layer's tree stands for. */
public enum EntryKind {
    FILE,
    DIRECTORY,
    SYMLINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO,
    /** Nothing: what the layers below have under this name is removed. */
    WHITEOUT
}
