package dev.forno.store.snapshots;

import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileType;
import dev.forno.linux.files.TreeWalk;
import java.io.IOException;

/** Removes sockets, which a layer's tar can't hold, so that the installed tree is what the tar says. */
final class SocketRemoval {
    void in(Directory directory) throws IOException {
        TreeWalk.walk(directory, (parent, name, stat, _) -> {
            if (stat.type() == FileType.SOCKET) {
                parent.unlink(name);
            }
            return true;
        });
    }
}
