package dev.forno.linux.files;

/** What a file is. */
public enum FileType {
    FILE,
    DIRECTORY,
    SYMLINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO,
    SOCKET;

    static FileType ofMode(int mode) {
        return switch (mode & Flags.S_IFMT) {
            case Flags.S_IFREG -> FILE;
            case Flags.S_IFDIR -> DIRECTORY;
            case Flags.S_IFLNK -> SYMLINK;
            case Flags.S_IFCHR -> CHARACTER_DEVICE;
            case Flags.S_IFBLK -> BLOCK_DEVICE;
            case Flags.S_IFIFO -> FIFO;
            case Flags.S_IFSOCK -> SOCKET;
            default -> throw new IllegalArgumentException("unknown file type in mode " + Integer.toOctalString(mode));
        };
    }
}
