package dev.forno.store.snapshots;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is noted beside an installed layer.
 *
 * @param size the bytes of its files
 * @param rootSet whether the layer describes the root directory itself
 * @param root the attributes that it gives the root directory, where they can't be had from a tree
 * @param implied directories that it only has as parents, and whose attributes come from the layers below
 */
record LayerAbout(long size, boolean rootSet, @Nullable RootAttributes root, List<String> implied) {
    /** The first line; older notes don't have it, and may lack the last one. */
    private static final String FORMAT = "note 2\n";

    /** The last line: without it the text was cut off. */
    private static final String END = "end\n";

    String write() {
        StringBuilder text = new StringBuilder(FORMAT + "size " + size + "\nroot " + rootSet + "\n");
        if (root != null) {
            text.append("attributes ").append(root.write()).append('\n');
        }
        for (String path : implied) {
            text.append("implied ")
                    .append(path.replace("\\", "\\\\").replace("\n", "\\n"))
                    .append('\n');
        }
        return text.append(END).toString();
    }

    /** Empty when it isn't whole. */
    static Optional<LayerAbout> read(String text) {
        try {
            return Optional.of(readWhole(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static LayerAbout readWhole(String text) {
        long size = -1;
        @Nullable Boolean rootSet = null;
        RootAttributes root = null;
        List<String> implied = new ArrayList<>();
        if (!text.endsWith(text.startsWith(FORMAT) ? "\n" + END : "\n")) {
            throw new IllegalArgumentException("cut off");
        }
        for (String line : text.split("\n")) {
            int space = line.indexOf(' ');
            String value = line.substring(space + 1);
            switch (line.substring(0, Math.max(0, space))) {
                case "size" -> size = Long.parseLong(value);
                case "root" -> rootSet = Boolean.parseBoolean(value);
                case "attributes" -> root = RootAttributes.read(value);
                case "implied" -> implied.add(value.translateEscapes());
                default -> {
                    // written by a newer version
                }
            }
        }
        if (size < 0 || rootSet == null) {
            throw new IllegalArgumentException("no size, or nothing about the root");
        }
        return new LayerAbout(size, rootSet, root, implied);
    }
}
