package dev.forno.store.archives;

/** What an entry of a tar archive is. */
public enum TarType {
    FILE,
    HARD_LINK,
    SYMLINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
}
