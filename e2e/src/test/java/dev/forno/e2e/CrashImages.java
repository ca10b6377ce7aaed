package dev.forno.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.Digest;
import dev.forno.oci.Platform;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Images of random bytes that share layers: busybox below, three layers of some hundred kilobytes above. */
final class CrashImages {
    static final int COUNT = 5;
    private static final int LAYERS = 7;

    private final List<byte[]> layers = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    /**
     * Makes the layers.
     *
     * @param base a root file system as a tar
     */
    CrashImages(Random random, byte[] base) {
        layers.add(base);
        for (int i = 1; i <= LAYERS; i++) {
            byte[] data = new byte[200_000 + random.nextInt(900_000)];
            random.nextBytes(data);
            layers.add(layer("data/file" + i, data));
            files.add(Digest.of(data).hex() + "  /data/file" + i);
        }
    }

    private List<Integer> layersOf(int image) {
        return List.of(0, 1 + image % LAYERS, 1 + (image + 1) % LAYERS, 1 + (image + 3) % LAYERS);
    }

    private byte[] config(int image) {
        String diffIds = layersOf(image).stream()
                .map(layer -> "\"" + Digest.of(layers.get(layer)) + "\"")
                .collect(Collectors.joining(","));
        return """
                {"architecture":"%s","os":"linux","config":{"Cmd":["sh"],"Labels":{"image":"%d"}},\
                "rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(Platform.host().architecture(), image, diffIds).getBytes(UTF_8);
    }

    /** The image's id. */
    String id(int image) {
        return Digest.of(config(image)).toString();
    }

    /** What {@code sha256sum /data/*} prints in a container of the image. */
    String sums(int image) {
        return layersOf(image).stream()
                .filter(layer -> layer > 0)
                .sorted()
                .map(layer -> files.get(layer - 1))
                .collect(Collectors.joining("\n"));
    }

    /** The image as docker's archive, with a name. */
    Path archive(int image, String name, Path file) {
        byte[] config = config(image);
        List<String> paths = new ArrayList<>();
        try (OutputStream out = Files.newOutputStream(file)) {
            TarWriter tar = new TarWriter(out);
            for (int layer : layersOf(image)) {
                paths.add("\"l" + layer + "/layer.tar\"");
                add(tar, "l" + layer + "/layer.tar", layers.get(layer));
            }
            add(tar, "config.json", config);
            String manifest = "[{\"Config\":\"config.json\",\"RepoTags\":[\"" + name + "\"],\"Layers\":["
                    + String.join(",", paths) + "]}]";
            add(tar, "manifest.json", manifest.getBytes(UTF_8));
            tar.finish();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] layer(String name, byte[] data) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TarWriter tar = new TarWriter(out);
            add(tar, name, data);
            tar.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(TarWriter tar, String name, byte[] content) throws IOException {
        tar.add(TarEntry.file(name, 0644, content.length, Instant.EPOCH), new ByteArrayInputStream(content));
    }
}
