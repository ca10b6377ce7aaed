package dev.forno.store.indexes;

import org.jspecify.annotations.Nullable;

/** What a name in a layer's tree stands for. */
public enum EntryKind {
    FILE(0),
    DIRECTORY(1),
    SYMLINK(2),
    CHARACTER_DEVICE(3),
    BLOCK_DEVICE(4),
    FIFO(5),
    /** Nothing: what the layers below have under this name is removed. */
    WHITEOUT(6);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    /** The number by which trees are written. */
    int code() {
        return code;
    }

    /** The kind of a number, or null. */
    static @Nullable EntryKind of(int code) {
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}
