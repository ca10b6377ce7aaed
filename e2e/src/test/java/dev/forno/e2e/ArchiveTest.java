package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Archives of images, exchanged with podman and skopeo in both directions and compared by content. */
class ArchiveTest extends EndToEnd {
    private static final String APP = "example.org/archive/app:1";
    private static final String BASE = "example.org/archive/base:1";

    private String layers(String image) {
        return docker.inspect(image, "{{json .RootFS.Layers}}");
    }

    /** Two images that share a layer; the upper has a hard link and a removed file. */
    private void make() {
        String container = docker.text("create", BUSYBOX, "sh", "-c", "mkdir /d && echo one >/d/a && ln /d/a /d/b");
        docker.text("start", "-a", container);
        docker.text("commit", container, BASE);
        String next = docker.text("create", BASE, "sh", "-c", "rm /d/a && ln -s b /d/c");
        docker.text("start", "-a", next);
        docker.text("commit", "--change", "CMD [\"sh\", \"-c\", \"ls /d; cat /d/c\"]", next, APP);
    }

    private void assertIsApp(String name) {
        assertEquals("b\nc\none", docker.text("run", "--rm", name));
    }

    private void remove(String... names) {
        for (String name : names) {
            docker.text("rmi", "-f", name);
        }
    }

    private Command.Result podman(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of(
                "podman",
                "--root",
                folder.resolve("podman").toString(),
                "--runroot",
                folder.resolve("podman-run").toString(),
                "--storage-driver",
                "vfs"));
        all.addAll(Arrays.asList(arguments));
        return Command.of(all.toArray(String[]::new)).run().ok();
    }

    private static void skopeo(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "--quiet"));
        all.addAll(Arrays.asList(arguments));
        Command.of(all.toArray(String[]::new)).run().ok();
    }

    private static void requireTool(String name) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", name)), name + " is not installed");
    }

    @Test
    void severalImagesShareTheirLayersInOneArchive() {
        make();
        String archive = folder.resolve("both.tar").toString();
        docker.text("save", "-o", archive, APP, BASE);
        List<String> entries = Command.of("tar", "-tf", archive).run().ok().lines();
        assertEquals(entries.stream().distinct().toList(), entries);
        // Three layers, two configurations, two manifests; four documents; two directories.
        assertEquals(3 + 2 + 2 + 4 + 2, entries.size(), entries::toString);
        String layers = layers(APP);
        remove(APP, BASE);
        String loaded = docker.text("load", "-i", archive);
        assertEquals("Loaded image: " + APP + "\nLoaded image: " + BASE, loaded);
        assertEquals(layers, layers(APP));
        assertIsApp(APP);
        remove(APP, BASE);
    }

    @Test
    void anArchiveMayBeCompressedAsAWhole() {
        make();
        String archive = folder.resolve("app.tar").toString();
        docker.text("save", "-o", archive, APP);
        remove(APP, BASE);
        for (List<String> tool : List.of(List.of("gzip", "-k"), List.of("zstd", "-q", "-k"))) {
            if (!Files.isExecutable(Path.of("/usr/bin", tool.getFirst()))) {
                continue;
            }
            List<String> command = new java.util.ArrayList<>(tool);
            command.add(archive);
            Command.of(command.toArray(String[]::new)).run().ok();
            docker.text("load", "-i", archive + (tool.getFirst().equals("gzip") ? ".gz" : ".zst"));
            assertIsApp(APP);
            remove(APP);
        }
    }

    @Test
    void podmanLoadsWhatIsSavedAndSavesWhatIsLoaded() {
        requireTool("podman");
        make();
        String layers = layers(APP);
        String archive = folder.resolve("app.tar").toString();
        docker.text("save", "-o", archive, APP, BASE);
        podman("load", "-q", "-i", archive);
        assertEquals(
                layers,
                podman("inspect", "--format", "{{json .RootFS.Layers}}", APP).text());
        String content = podman("image", "mount", APP).text();
        assertEquals("b\nc", Command.of("ls", content + "/d").run().ok().text());
        podman("image", "umount", APP);
        for (String form : List.of("docker-archive", "oci-archive")) {
            String saved = folder.resolve(form + ".tar").toString();
            podman("save", "-q", "--format", form, "-o", saved, APP);
            remove(APP, BASE);
            docker.text("load", "-i", saved);
            assertEquals(layers, layers(APP), form);
            assertIsApp(APP);
        }
        String several = folder.resolve("several.tar").toString();
        podman("save", "-q", "-m", "--format", "docker-archive", "-o", several, APP, BASE);
        remove(APP);
        docker.text("load", "-i", several);
        assertIsApp(APP);
        assertTrue(layers.startsWith(layers(BASE).replace("]", "")), layers);
        remove(APP, BASE);
        podman("rmi", "-a", "-f");
    }

    @Test
    void skopeoReadsBothFormsAndWritesLayersOfEveryCompression() throws IOException {
        requireTool("skopeo");
        make();
        String layers = layers(APP);
        String archive = folder.resolve("app.tar").toString();
        docker.text("save", "-o", archive, APP);
        Path layout = Files.createDirectory(folder.resolve("layout"));
        Command.of("tar", "-C", layout.toString(), "-xf", archive).run().ok();
        remove(APP, BASE);
        skopeo("oci:" + layout + ":1", "oci-archive:" + folder.resolve("plain.tar") + ":" + APP);
        skopeo("docker-archive:" + archive, "docker-archive:" + folder.resolve("docker.tar") + ":" + APP);
        for (String format : List.of("gzip", "zstd")) {
            skopeo(
                    "--dest-compress",
                    "--dest-compress-format",
                    format,
                    "docker-archive:" + archive,
                    "oci-archive:" + folder.resolve(format + ".tar") + ":" + APP);
        }
        for (String name : List.of("plain", "docker", "gzip", "zstd")) {
            docker.text("load", "-i", folder.resolve(name + ".tar").toString());
            assertEquals(layers, layers(APP), name);
            assertIsApp(APP);
            remove(APP);
        }
    }

    @Test
    void exportAndImportKeepTheFiles() {
        make();
        String container = docker.text("create", APP);
        String archive = folder.resolve("root.tar").toString();
        docker.text("export", "-o", archive, container);
        Command.of("gzip", "-k", archive).run().ok();
        for (String file : List.of(archive, archive + ".gz")) {
            String id = docker.text("import", "-c", "CMD [\"sh\", \"-c\", \"ls /d; cat /d/c\"]", file, APP);
            assertTrue(id.startsWith("sha256:"), id);
            assertIsApp(APP);
        }
        remove(APP, BASE);
    }
}
