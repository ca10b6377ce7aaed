package dev.forno.store.snapshots;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small layer, and what applying it does to a tree (OCI image spec, layer.md), which is a map from paths to texts. */
final class LayerModel {
    private static final String DIRECTORY = "/";

    private final SortedMap<String, String> entries = new TreeMap<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> emptied = new ArrayList<>();

    LayerModel directory(String path) {
        return file(path, DIRECTORY);
    }

    LayerModel file(String path, String text) {
        entries.put(path, text);
        return this;
    }

    LayerModel removed(String path) {
        removed.add(path);
        return this;
    }

    LayerModel emptied(String path) {
        emptied.add(path);
        return this;
    }

    LayerTar tar() {
        LayerTar tar = new LayerTar();
        for (String path : removed) {
            int name = path.lastIndexOf('/') + 1;
            tar.file(path.substring(0, name) + ".wh." + path.substring(name), "");
        }
        emptied.forEach(path -> tar.file(path + "/.wh..wh..opq", ""));
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            if (entry.getValue().equals(DIRECTORY)) {
                tar.directory(entry.getKey());
            } else {
                tar.file(entry.getKey(), entry.getValue());
            }
        }
        return tar;
    }

    /** Whiteouts go first: they hide nothing of their own layer. */
    void applyTo(SortedMap<String, String> tree) {
        for (String path : removed) {
            tree.remove(path);
            inside(tree, path).clear();
        }
        emptied.forEach(path -> inside(tree, path).clear());
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            for (int slash = entry.getKey().indexOf('/');
                    slash > 0;
                    slash = entry.getKey().indexOf('/', slash + 1)) {
                tree.put(entry.getKey().substring(0, slash), DIRECTORY);
            }
            tree.put(entry.getKey(), entry.getValue());
            if (!entry.getValue().equals(DIRECTORY)) {
                inside(tree, entry.getKey()).clear();
            }
        }
    }

    private static SortedMap<String, String> inside(SortedMap<String, String> tree, String path) {
        return tree.subMap(path + "/", path + "0"); // '0' follows '/'
    }

    static SortedMap<String, String> read(Path root) throws Exception {
        SortedMap<String, String> tree = new TreeMap<>();
        for (String name : LayersContract.names(root)) {
            Path path = root.resolve(name);
            tree.put(name, Files.isDirectory(path) ? DIRECTORY : Files.readString(path));
        }
        return tree;
    }

    @Override
    public String toString() {
        return entries + " removed " + removed + " emptied " + emptied;
    }
}
