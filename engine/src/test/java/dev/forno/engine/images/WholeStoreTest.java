package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.oci.Digest;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.snapshots.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the store as the engine uses it: layers are unpacked and mounted. Needs root. */
class WholeStoreTest {
    @TempDir
    Path directory;

    private ImageFixture fixture;

    @BeforeEach
    void open() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        fixture = open("store");
    }

    private ImageFixture open(String name) {
        return new ImageFixture(Store.open(directory.resolve(name), InstantSource.system()));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static byte[] rootFileSystem() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        byte[] noise = new byte[2 << 20];
        new Random(3).nextBytes(noise);
        tar.add(TarEntry.directory("etc", 0755, Instant.EPOCH));
        byte[] text = "forno\n".getBytes(StandardCharsets.UTF_8);
        tar.add(TarEntry.file("etc/hostname", 0644, text.length, Instant.EPOCH), new ByteArrayInputStream(text));
        tar.add(TarEntry.file("noise", 0600, noise.length, Instant.EPOCH), new ByteArrayInputStream(noise));
        tar.add(TarEntry.hardLink("again", "noise", Instant.EPOCH));
        tar.add(TarEntry.symlink("link", "etc/hostname", Instant.EPOCH));
        tar.finish();
        return out.toByteArray();
    }

    private Image importBase(Reference name) throws IOException {
        return fixture.services
                .archives()
                .importTar(
                        new ByteArrayInputStream(rootFileSystem()),
                        new ImportRequest(name, "", Platform.host(), List.of()),
                        Progress.Listener.NONE);
    }

    private static void check(Store store, Image image, String key) throws IOException {
        Snapshot snapshot = store.snapshotter().prepare(key, image.layers());
        try {
            Path root = snapshot.mount();
            assertEquals("forno\n", Files.readString(root.resolve("link")));
            assertEquals(2 << 20, Files.size(root.resolve("again")));
        } finally {
            snapshot.remove();
        }
    }

    @Test
    void pushesRemovesAndPullsBack() throws IOException {
        assumeTrue(RegistryProcess.isInstalled(), "docker-registry is not installed");
        try (RegistryProcess registry = RegistryProcess.start(directory)) {
            Reference name = Reference.parse(registry.host() + "/base:v1");
            Image image = importBase(name);
            check(fixture.store, image, "first");
            fixture.services.transfers().push(name, RegistryAuth.NONE, fixture.progress::add);
            String manifest = fixture.services
                    .images()
                    .inspect(name.familiar())
                    .repoDigests()
                    .getFirst();
            fixture.remove(name.familiar(), false);
            assertEquals(List.of(), fixture.store.content().list());
            assertEquals(List.of(), fixture.store.snapshotter().layers());
            Image pulled = fixture.services.transfers().pull(PullRequest.of(name), fixture.progress::add);
            assertEquals(image, pulled);
            assertEquals(
                    List.of(manifest),
                    fixture.services.images().inspect(name.familiar()).repoDigests());
            check(fixture.store, pulled, "second");
        }
    }

    @Test
    void keepsTheLayersOfAContainerWhoseImageIsRemoved() throws IOException {
        Image image = importBase(Reference.parse("base"));
        Snapshot snapshot = fixture.store.snapshotter().prepare("container", image.layers());
        try {
            fixture.remove("base", true);
            assertEquals("forno\n", Files.readString(snapshot.mount().resolve("etc/hostname")));
        } finally {
            snapshot.remove();
        }
        fixture.roots.collect(fixture.store);
        assertEquals(List.of(), fixture.store.snapshotter().layers());
    }

    @Test
    void exchangesArchivesWithDocker() throws IOException, InterruptedException {
        String host = System.getenv("FORNO_TEST_DOCKER_HOST");
        assumeTrue(host != null, "FORNO_TEST_DOCKER_HOST names no dockerd");
        Image image = importBase(Reference.parse("forno-archive-test:v1"));
        Path ours = directory.resolve("ours.tar");
        Path theirs = directory.resolve("theirs.tar");
        try (var out = Files.newOutputStream(ours);
                ImageArchives.Saved saved = fixture.services.archives().save(List.of("forno-archive-test:v1"), null)) {
            saved.writeTo(out);
        }
        String docker = "docker -H " + host + " ";
        try {
            String loaded = shell(docker + "load -i " + ours);
            assertTrue(loaded.contains("Loaded image: forno-archive-test:v1"), loaded);
            assertEquals(
                    image.id().toString(),
                    shell(docker + "inspect -f {{.Id}} forno-archive-test:v1").strip());
            shell(docker + "save -o " + theirs + " forno-archive-test:v1");
        } finally {
            shell(docker + "rmi forno-archive-test:v1");
        }
        try (var in = Files.newInputStream(theirs);
                ImageFixture other = open("other")) {
            Image back = other.services
                    .archives()
                    .load(in, false, other.progress::add)
                    .getFirst();
            assertEquals(image.id(), back.id());
            assertEquals(List.of(Digest.of(rootFileSystem())), back.layers());
            check(other.store, back, "loaded");
        }
    }

    private static String shell(String command) throws IOException, InterruptedException {
        return RegistryProcess.run(List.of("sh", "-c", command));
    }
}
