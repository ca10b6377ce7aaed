package dev.forno.engine.containers;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as text, in containers and on the host. */
final class Paths {
    private Paths() {}

    /** The shortest absolute path that means the same without looking at files: no {@code .}, {@code ..}, double slashes. */
    static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /** Whether {@code path} is {@code directory} or lies below it; both clean. */
    static boolean isUnder(String path, String directory) {
        return path.equals(directory)
                || directory.equals("/")
                || (path.startsWith(directory) && path.charAt(directory.length()) == '/');
    }

    /** The last part; {@code /} for the root. */
    static String baseName(String clean) {
        return clean.equals("/") ? "/" : clean.substring(clean.lastIndexOf('/') + 1);
    }

    /** All but the last part. */
    static String parent(String clean) {
        int slash = clean.lastIndexOf('/');
        return slash <= 0 ? "/" : clean.substring(0, slash);
    }
}
