package dev.forno.store.snapshots;

import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;
import java.io.IOException;

/** Removes sockets, which a layer's tar can't hold, so that the installed tree is what the tar says. */
final class SocketRemoval {
    void in(Directory directory) throws IOException {
        for (String name : directory.list()) {
            FileStat stat = directory.stat(name);
            if (stat.isDirectory()) {
                try (Directory child = directory.directory(name)) {
                    in(child);
                }
            } else if (stat.type() == FileType.SOCKET) {
                directory.unlink(name);
            }
        }
    }
}
