package dev.forno.store.archives;

import dev.forno.linux.files.FileNames;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Entry names as paths from the root of the tree. */
public final class EntryNames {
    /** The longest name of a file, in bytes. */
    public static final int MAX_NAME = 255;

    private static final int MAX_PATH = 4096;
    private static final int MAX_XATTR_NAME = 255;

    /** More bytes than this no character of a name has. */
    private static final int CHAR_BYTES = 3;

    private EntryNames() {}

    /**
     * The name without leading slash, empty parts and {@code .}; {@code ..} takes the part before away. Empty for the
     * root itself. A name that leads out of the tree is refused.
     */
    public static String clean(String name) {
        if (name.length() > MAX_PATH) {
            throw refused(name.substring(0, 100) + "…", "the name is longer than " + MAX_PATH);
        }
        if (name.indexOf('\0') >= 0) {
            throw refused(name.replace("\0", "\\0"), "the name has a zero byte");
        }
        String plain = name.startsWith("./") ? name.substring(2) : name; // as many archives have it everywhere
        if (isClean(plain)) {
            return plain;
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    throw refused(name, "the name leads out of the directory");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private static boolean isClean(String name) {
        if (name.isEmpty() || name.charAt(0) == '/' || name.charAt(name.length() - 1) == '/') {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '/') {
                int length = i - start;
                if (length == 0
                        || (length == 1 && name.charAt(start) == '.')
                        || (length == 2 && name.charAt(start) == '.' && name.charAt(start + 1) == '.')) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    /** The bytes of one name; refuses the entry when it is too long for a file. */
    public static byte[] bytes(String name, String entry) {
        byte[] bytes = FileNames.encode(name);
        if (bytes.length > MAX_NAME) {
            throw refused(entry, "a name in it is longer than " + MAX_NAME + " bytes");
        }
        return bytes;
    }

    /** Refuses the entry when a name in the path is too long for a file. */
    static void requireNames(String path, String entry) {
        if (path.length() > MAX_NAME / CHAR_BYTES) {
            for (String name : path.split("/")) {
                bytes(name, entry);
            }
        }
    }

    /** Refuses the entry when an extended attribute's name, or its value of more than so many bytes, can't be. */
    public static void requireXattr(String attribute, byte[] value, int limit, String entry) {
        if (FileNames.encode(attribute).length > MAX_XATTR_NAME) {
            throw refused(entry, "the extended attribute \"" + attribute + "\" has no valid name");
        }
        if (value.length > limit) {
            throw refused(
                    entry,
                    "the extended attribute \"" + attribute + "\" has " + value.length + " bytes, the limit is "
                            + limit);
        }
    }

    /** The refusal of an entry: {@link ErrorKind#INVALID_ARGUMENT}. */
    public static FornoException refused(String name, String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "extract \"" + name + "\": " + reason);
    }
}
