package dev.forno.engine.containers;

import dev.forno.linux.files.FileStat;

/** File modes as Docker's clients read them: the bits of Go's {@code io/fs.FileMode}. */
final class GoFileMode {
    private static final long DIRECTORY = 1L << 31;
    private static final long SYMLINK = 1L << 27;
    private static final long DEVICE = 1L << 26;
    private static final long FIFO = 1L << 25;
    private static final long SOCKET = 1L << 24;
    private static final long SETUID = 1L << 23;
    private static final long SETGID = 1L << 22;
    private static final long CHARACTER = 1L << 21;
    private static final long STICKY = 1L << 20;

    private GoFileMode() {}

    static long of(FileStat stat) {
        long mode = stat.mode() & 0777;
        mode |= (stat.mode() & 04000) != 0 ? SETUID : 0;
        mode |= (stat.mode() & 02000) != 0 ? SETGID : 0;
        mode |= (stat.mode() & 01000) != 0 ? STICKY : 0;
        return mode
                | switch (stat.type()) {
                    case DIRECTORY -> DIRECTORY;
                    case SYMLINK -> SYMLINK;
                    case BLOCK_DEVICE -> DEVICE;
                    case CHARACTER_DEVICE -> DEVICE | CHARACTER;
                    case FIFO -> FIFO;
                    case SOCKET -> SOCKET;
                    case FILE -> 0;
                };
    }
}
