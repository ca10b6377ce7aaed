package dev.forno.build.configs;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside an image, as text. */
public final class ContainerPaths {
    private ContainerPaths() {}

    /** The absolute path without {@code .}, {@code ..} and double slashes; relative ones begin at {@code directory}. */
    public static String resolve(String directory, String path) {
        String whole = path.startsWith("/") ? path : directory + "/" + path;
        Deque<String> names = new ArrayDeque<>();
        for (String name : whole.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return "/" + String.join("/", names);
    }
}
