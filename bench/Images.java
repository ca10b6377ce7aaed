import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The images that are loaded, pulled and pushed. Trees are generated from fixed seeds, text-like so that they compress about
 * as real files do, and kept as tars in the cache directory.
 */
final class Images {
    static final String BUSYBOX = "busybox:bench";

    /** An image for load and pull, by its short name. */
    record Sample(String key, String title, Path archive) {
        String name() {
            return key + ":bench";
        }
    }

    private static final int SMALL_FILES = 60_000;
    private static final int LAYERS = 10;

    private final Path cache;
    private final Path work;
    private final String registry;

    Images(Path cache, Path work, String registry) {
        this.cache = cache;
        this.work = work;
        this.registry = registry;
    }

    Sample debian() {
        return sample("debian", "a Debian base");
    }

    Sample files() {
        return sample("files", "60,000 small files");
    }

    Sample layers() {
        return sample("layers", "10 layers");
    }

    private Sample sample(String key, String title) {
        return new Sample(key, title, work.resolve(key + "-archive.tar"));
    }

    /** What the name is at the registry. */
    String pulled(Sample sample) {
        return registry + "/" + sample.name();
    }

    Path context() {
        return work.resolve("context");
    }

    /** Imports the base into every engine. */
    void prepareBase(Iterable<Engine> engines) throws IOException {
        Path root = work.resolve("root");
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (String applet : new String[] {"sh", "true", "echo", "cat", "ls", "mkdir", "sleep"}) {
            Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
        }
        Path tar = work.resolve("busybox.tar");
        tar(root, tar);
        Files.createDirectories(context());
        Files.writeString(context().resolve("file"), "content\n".repeat(1000));
        Files.writeString(context().resolve("Dockerfile"),
                "FROM " + BUSYBOX + "\nRUN echo 1 > /1\nCOPY file /file\nRUN echo 2 > /2\nRUN echo 3 > /3\n");
        for (Engine engine : engines) {
            engine.run("import", tar.toString(), BUSYBOX);
        }
    }

    /** Lets one engine make the archive and push the image, and forget it. */
    void prepare(Sample sample, Engine maker) throws IOException {
        switch (sample.key()) {
            case "debian" -> maker.run("import", cache.resolve("debian.tar").toString(), sample.name());
            case "files" -> maker.run("import", smallFiles().toString(), sample.name());
            default -> maker.run("build", "-q", "-t", sample.name(), tenLayers().toString());
        }
        maker.run("save", "-o", sample.archive().toString(), sample.name());
        maker.run("tag", sample.name(), pulled(sample));
        maker.run("push", pulled(sample));
    }

    private Path smallFiles() throws IOException {
        Path tar = cache.resolve("files.tar");
        if (!Files.exists(tar)) {
            System.out.println("bench: making " + SMALL_FILES + " small files");
            Path root = Files.createDirectories(work.resolve("files"));
            SplittableRandom random = new SplittableRandom(60);
            for (int i = 0; i < SMALL_FILES; i++) {
                Path directory = root.resolve("srv/modules/m" + i / 200 + "/lib/p" + i / 20 % 10);
                Files.createDirectories(directory);
                Files.writeString(directory.resolve("file-" + i + ".js"), text(random, 200 + random.nextInt(5000)));
            }
            finish(root, tar);
        }
        return tar;
    }

    private Path tenLayers() throws IOException {
        Path directory = Files.createDirectories(cache.resolve("layers"));
        if (!Files.exists(directory.resolve("Dockerfile"))) {
            System.out.println("bench: making " + LAYERS + " layers");
            StringBuilder dockerfile = new StringBuilder("FROM scratch\n");
            SplittableRandom random = new SplittableRandom(10);
            for (int layer = 0; layer < LAYERS; layer++) {
                Path root = Files.createDirectories(work.resolve("layer" + layer));
                for (int i = 0; i < 500; i++) {
                    Path parent = Files.createDirectories(root.resolve("opt/d" + i / 50));
                    Files.writeString(parent.resolve("l" + layer + "-" + i), text(random, 1000 + random.nextInt(50_000)));
                }
                finish(root, directory.resolve("layer" + layer + ".tar"));
                dockerfile.append("ADD layer").append(layer).append(".tar /\n");
            }
            Files.writeString(directory.resolve("Dockerfile"), dockerfile);
        }
        return directory;
    }

    private static void finish(Path root, Path tar) throws IOException {
        Path part = tar.resolveSibling(tar.getFileName() + ".part");
        tar(root, part);
        Files.move(part, tar);
        Commands.exec(Map.of(), "rm", "-rf", root.toString()).check();
    }

    /** A tar with one file of 64 MB that nobody has seen before, a third of which compresses well. */
    Path neverSeen(long seed) throws IOException {
        Path root = Files.createDirectories(work.resolve("fresh"));
        SplittableRandom random = new SplittableRandom(seed);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(root.resolve("data")), 1 << 16)) {
            byte[] noise = new byte[1 << 16];
            for (int i = 0; i < 340; i++) {
                random.nextBytes(noise);
                out.write(noise);
                out.write(text(random, 1 << 17).getBytes(StandardCharsets.US_ASCII));
            }
        }
        Path tar = work.resolve("fresh.tar");
        tar(root, tar);
        return tar;
    }

    private static void tar(Path root, Path tar) {
        Commands.exec(Map.of(), "tar", "--numeric-owner", "--owner=0", "--group=0", "-C", root.toString(), "-cf", tar.toString(), ".")
                .check();
    }

    private static String text(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(8) == 0 ? "\n" : " ");
            if (random.nextInt(6) == 0) {
                text.append(Integer.toHexString(random.nextInt()));
            }
        }
        return text.toString();
    }

    private static final String[] WORDS = ("return function const value module exports require this object string number if else for "
                    + "while index length null undefined true false new class extends import from default async await promise error")
            .split(" ");
}
