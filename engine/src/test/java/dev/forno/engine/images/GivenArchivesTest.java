package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as users bring them: compressed by other programs, with names that can't be given. */
class GivenArchivesTest {
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    @TempDir
    Path directory;

    ImageFixture images;

    @BeforeEach
    void open() {
        images = new ImageFixture(directory.resolve("store"));
    }

    @AfterEach
    void close() {
        images.close();
    }

    private byte[] compressed(String program, byte[] plain) throws Exception {
        Path file = Files.write(directory.resolve("plain"), plain);
        Process process = new ProcessBuilder(program, "-c", file.toString()).start();
        byte[] bytes = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        return bytes;
    }

    private Image importTar(byte[] tar, @Nullable String name) {
        return images.services
                .archives()
                .importTar(
                        new ByteArrayInputStream(tar),
                        new ImportRequest(name == null ? null : Reference.parse(name), "", null, List.of()),
                        images.progress::add);
    }

    private List<Image> load(byte[] archive) {
        return images.services.archives().load(new ByteArrayInputStream(archive), true, images.progress::add);
    }

    private byte[] save(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageArchives.Saved saved = images.services.archives().save(List.of(name), null)) {
            saved.writeTo(out);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bzip2", "xz", "gzip", "zstd"})
    void anImportIsDecompressed(String program) throws Exception {
        byte[] tar = ImageFixture.tar("file", "inside");
        Image plain = importTar(tar, null);
        assertEquals(plain.layers(), importTar(compressed(program, tar), null).layers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bzip2", "xz"})
    void aLoadIsDecompressed(String program) throws Exception {
        Image image = images.image(List.of("one", "two"), null, "a:1");
        byte[] archive = compressed(program, save("a:1"));
        images.remove("a:1", false);
        assertEquals(List.of(image.id()), load(archive).stream().map(Image::id).toList());
        assertEquals(List.of("a:1"), images.tagsOf(image));
    }

    @Test
    void aCutArchiveIsToldAsSuch() throws Exception {
        byte[] whole = compressed("xz", ImageFixture.tar("file", "x".repeat(100_000)));
        byte[] cut = Arrays.copyOf(whole, whole.length - 20);
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        images.close(); // its snapshotter tells damage in its own way
        images = new ImageFixture(
                Store.open(directory.resolve("real"), InstantSource.system(), SnapshotterChoice.UNPACK));
        String failure = ImageFixture.failure(() -> importTar(cut, "b:1"));
        assertTrue(failure.startsWith("INVALID_ARGUMENT "), failure);
        assertTrue(failure.contains("xz can't decompress the archive"), failure);
        assertTrue(images.services.images().list(ImageFilter.ALL).isEmpty());
    }

    private static byte[] withConfig(String before, String after) {
        HostileImage image = HostileImage.of(List.of(HostileImage.gzip(ImageFixture.tar("file", "inside"))));
        String config = new String(image.config(), StandardCharsets.UTF_8);
        assertTrue(config.contains(before), config);
        return new HostileImage(config.replace(before, after).getBytes(StandardCharsets.UTF_8), image.blobs())
                .archive("a:1");
    }

    @Test
    void configurationsThatMakeNoSenseAreRefused() {
        String os = "\"os\":\"linux\"";
        assertEquals(
                "INVALID_ARGUMENT cannot load windows image on linux",
                ImageFixture.failure(() -> load(withConfig(os, "\"os\":\"windows\""))));
        assertEquals(
                "INVALID_ARGUMENT read image configuration: too many non-empty layers in History section",
                ImageFixture.failure(() -> load(withConfig(os, os + ",\"history\":[{},{}]"))));
        assertEquals(
                "INVALID_ARGUMENT read image configuration: \"yesterday\" is not a time as RFC 3339 writes it",
                ImageFixture.failure(() -> load(withConfig(os, os + ",\"created\":\"yesterday\""))));
        assertEquals(1, load(withConfig(os, "\"os\":\"\"")).size());
        assertEquals(
                1,
                load(withConfig(
                                os,
                                os
                                        + ",\"created\":\"2020-02-02T02:02:02.5+01:00\",\"history\":[{\"empty_layer\":true},{}]"))
                        .size());
    }

    /** A name with a digest says what it stands for; nobody can give it to something else. */
    @Test
    void digestsAreNoNamesToGive() {
        byte[] tar = ImageFixture.tar("file", "inside");
        assertEquals(
                "INVALID_ARGUMENT cannot import digest reference",
                ImageFixture.failure(() -> importTar(tar, "a@" + DIGEST)));
        byte[] archive = HostileImage.of(List.of(HostileImage.gzip(tar))).archive("a@" + DIGEST);
        assertEquals("INVALID_ARGUMENT invalid tag \"a@" + DIGEST + "\"", ImageFixture.failure(() -> load(archive)));
        assertEquals(
                "INVALID_ARGUMENT refusing to create a tag with a digest reference",
                ImageFixture.failure(() -> images.image(List.of("two"), null, "a@" + DIGEST)));
    }
}
