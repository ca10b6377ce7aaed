package dev.forno.store.indexes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.linux.files.FileNames;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Makes trees of files to be archived. */
final class FileTrees {
    private FileTrees() {}

    /** Thousands of small files in many directories, scoped names, and links to programs, as package managers make. */
    static Path nodeModules(Path tree, int packages) throws Exception {
        Path modules = Files.createDirectories(tree.resolve("app/node_modules"));
        Path bin = Files.createDirectory(modules.resolve(".bin"));
        for (int i = 0; i < packages; i++) {
            String name = i % 7 == 0 ? "@scope-" + i % 5 + "/package-" + i : "package-" + i;
            Path directory = Files.createDirectories(modules.resolve(name + "/dist/esm"));
            Files.writeString(directory.resolve("index.d.ts"), "export declare const n: " + i + ";\n");
            Files.writeString(directory.resolve("index.js"), "export const n = " + i + ";\n".repeat(1 + i % 300));
            Files.writeString(modules.resolve(name + "/package.json"), "{\"name\": \"" + name + "\"}");
            Files.writeString(modules.resolve(name + "/.npmignore"), "");
            if (i % 9 == 0) {
                Files.createSymbolicLink(bin.resolve("tool-" + i), Path.of("../" + name + "/dist/esm/index.js"));
            }
            if (i % 50 == 0 && i > 0) {
                Files.createLink(directory.resolve("licence"), modules.resolve("package-1/package.json"));
            }
        }
        return tree;
    }

    /** All kinds of files, with all that they can have. The same seed gives the same tree. */
    static Path strange(Path tree, long seed) throws Exception {
        Random random = new Random(seed);
        Files.createDirectories(tree);
        try (Root root = Root.open(tree)) {
            directory(root, "", random, 0);
            large(root, "large-" + "d".repeat(100), 600 + random.nextInt(900));
            finish(root, random);
        }
        return tree;
    }

    /** A directory of many blocks. */
    private static void large(Root root, String name, int entries) throws Exception {
        root.mkdir(name, 0755);
        for (int i = 0; i < entries; i++) {
            root.symlink("x" + i, name + "/" + Integer.toString(i * 7919, 36) + "e".repeat(i % 60));
        }
    }

    private static void directory(Root root, String path, Random random, int depth) throws Exception {
        int count = random.nextInt(depth == 0 ? 60 : 12);
        for (int i = 0; i < count; i++) {
            String name = name(random, i);
            String child = path.isEmpty() ? name : path + "/" + name;
            if (root.find(child).isPresent()) {
                continue;
            }
            entry(root, child, random, depth);
        }
    }

    private static void entry(Root root, String path, Random random, int depth) throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                root.mkdir(path, 0700);
                if (depth < 3) {
                    directory(root, path, random, depth + 1);
                }
            }
            case 3 -> root.symlink(target(random), path);
            case 4 -> root.mknod(path, Flags.S_IFIFO | 0600, 0, 0);
            case 5 -> root.mknod(path, Flags.S_IFCHR | 0600, 1 + random.nextInt(4000), random.nextInt(1 << 20));
            case 6 -> root.mknod(path, Flags.S_IFBLK | 0600, random.nextInt(4000), random.nextInt(1 << 20));
            default -> file(root, path, random);
        }
    }

    private static void file(Root root, String path, Random random) throws Exception {
        byte[] content = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(1 << (4 + random.nextInt(14)))];
        random.nextBytes(content);
        try (var file = root.open(path, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600)) {
            file.write(content, 0, content.length);
        }
        if (random.nextInt(5) == 0) {
            String other = path + "=";
            if (FileNames.encode(other.substring(other.lastIndexOf('/') + 1)).length <= 255) {
                root.link(path, other);
            }
        }
    }

    private static String target(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "t".repeat(1 + random.nextInt(4000));
            case 1 -> "/".repeat(1 + random.nextInt(480));
            case 2 -> "../ünï 🍞\uDC80";
            default -> "" + random.nextInt();
        };
    }

    private static String name(Random random, int i) {
        return switch (random.nextInt(8)) {
            case 0 -> "ünï 🍞 " + i;
            case 1 -> "\uDC80\uDCFE" + i;
            case 2 -> "n".repeat(1 + random.nextInt(254));
            case 3 -> "" + (char) (1 + random.nextInt(45)); // before the dot in the order of directories
            case 4 -> "." + (char) (1 + random.nextInt(45)) + i;
            default -> "name-" + i;
        };
    }

    /** Owners, modes, attributes and times, from the leaves up. */
    private static void finish(Root root, Random random) throws Exception {
        for (String path : names(root, "").reversed()) {
            boolean symlink = root.stat(path).isSymlink();
            boolean link =
                    symlink || !(root.stat(path).isFile() || root.stat(path).isDirectory());
            if (random.nextInt(3) == 0) {
                root.chown(path, random.nextInt(200_000), random.nextInt(200_000));
            }
            if (!symlink) {
                root.chmod(path, random.nextInt(010000));
            }
            if (random.nextInt(4) == 0) {
                root.setXattr(path, "trusted.number-" + random.nextInt(5), ("" + random.nextInt(3)).getBytes(UTF_8));
            }
            if (!link && random.nextInt(4) == 0) {
                byte[] value = new byte[random.nextInt(700)];
                random.nextBytes(value);
                root.setXattr(path, "user.blob", value);
                root.setXattr(path, "security.test", new byte[0]);
            }
            root.setTimes(path, null, time(random));
        }
    }

    private static Instant time(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Instant.ofEpochSecond(1_600_000_000);
            case 1 -> Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
            default -> Instant.ofEpochSecond(-1 - random.nextInt(1_000_000_000), random.nextInt(1_000_000_000));
        };
    }

    private static List<String> names(Root root, String directory) throws Exception {
        List<String> names = new java.util.ArrayList<>();
        for (String name : root.list(directory).stream().sorted().toList()) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            names.add(path);
            if (root.stat(path).isDirectory()) {
                names.addAll(names(root, path));
            }
        }
        return names;
    }
}
