package dev.forno.store.archives;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Entry names as paths from the root of the tree. */
public final class EntryNames {
    private static final int MAX_PATH = 4096;

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

    /** The refusal of an entry: {@link ErrorKind#INVALID_ARGUMENT}. */
    public static FornoException refused(String name, String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "extract \"" + name + "\": " + reason);
    }
}
