package dev.forno.store.archives;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;

/** The names of whiteouts in layers and their form in an overlay directory. */
public final class WhiteoutNames {
    public static final String PREFIX = ".wh.";
    /** What else begins so, but for {@link #OPAQUE}, is a leftover of AUFS and means nothing. */
    public static final String META_PREFIX = ".wh..wh.";

    public static final String OPAQUE = ".wh..wh..opq";
    static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";

    private static final byte[] YES = {'y'};

    private WhiteoutNames() {}

    /** The attribute's value for an opaque directory. */
    static byte[] yes() {
        return YES.clone();
    }

    static boolean isDevice(FileStat stat) {
        return stat.type() == FileType.CHARACTER_DEVICE && stat.major() == 0 && stat.minor() == 0;
    }

    /** Whether the attribute means something to an overlay mount, and so is never taken from or put into an archive. */
    public static boolean isOverlayAttribute(String attribute) {
        return attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.");
    }
}
