package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import java.io.IOException;
import java.util.Map;

/** Sets the extended attributes of extracted files, with the kernel's bounds (xattr(7)). */
final class EntryXattrs {
    private static final int MAX_VALUE = 65536;

    private EntryXattrs() {}

    /** Sets those of the entry on the file {@code name} in a directory. */
    static void set(TarEntry entry, Directory parent, String name) throws IOException {
        for (Map.Entry<String, byte[]> attribute : entry.xattrs().entrySet()) {
            if (!WhiteoutNames.isOverlayAttribute(attribute.getKey())) {
                EntryNames.requireXattr(attribute.getKey(), attribute.getValue(), MAX_VALUE, entry.name());
                set(parent, name, attribute.getKey(), attribute.getValue());
            }
        }
    }

    private static void set(Directory parent, String name, String attribute, byte[] value) throws IOException {
        try {
            parent.setXattr(name, attribute, value);
        } catch (ErrnoException failed) {
            // A file system or a kind of file without such attributes; all engines go on without them.
            if (failed.errno() != ErrnoException.EOPNOTSUPP && failed.errno() != ErrnoException.EPERM) {
                throw failed;
            }
        }
    }
}
