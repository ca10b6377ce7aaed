package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;
import dev.forno.linux.files.Root;
import java.util.Arrays;

/** The names of whiteouts in layers and their form in an overlay directory. */
public final class WhiteoutNames {
    public static final String PREFIX = ".wh.";
    /** What else begins so, but for {@link #OPAQUE}, is a leftover of AUFS and means nothing. */
    public static final String META_PREFIX = ".wh..wh.";

    public static final String OPAQUE = ".wh..wh..opq";

    /** The mark of a directory that hides what is below, with the value {@link #yes}. */
    public static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";

    private static final byte[] YES = {'y'};

    private WhiteoutNames() {}

    /** The attribute's value for an opaque directory. */
    public static byte[] yes() {
        return YES.clone();
    }

    /** Marks a directory in an overlay directory. */
    static void markOpaque(Directory parent, String name) throws ErrnoException {
        parent.setXattr(name, OPAQUE_ATTRIBUTE, YES);
    }

    /** Whether a directory in an overlay directory is marked. */
    public static boolean isOpaque(Directory parent, String name) throws ErrnoException {
        return parent.xattr(name, OPAQUE_ATTRIBUTE).filter(WhiteoutNames::isYes).isPresent();
    }

    /** The same for a path. */
    public static boolean isOpaque(Root root, String path) throws ErrnoException {
        return root.xattr(path, OPAQUE_ATTRIBUTE).filter(WhiteoutNames::isYes).isPresent();
    }

    private static boolean isYes(byte[] value) {
        return Arrays.equals(value, YES);
    }

    /** Whether it is what stands for a removed file in an overlay directory. */
    public static boolean isDevice(FileStat stat) {
        return stat.type() == FileType.CHARACTER_DEVICE && stat.major() == 0 && stat.minor() == 0;
    }

    /** Whether the attribute means something to an overlay mount, and so is never taken from or put into an archive. */
    public static boolean isOverlayAttribute(String attribute) {
        return attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.");
    }
}
