package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFilesTest {
    @TempDir
    Path directory;

    ImageFixture from;
    ImageFixture to;

    @BeforeEach
    void open() {
        from = new ImageFixture(new PlainStore(directory.resolve("from"), keepsTars()));
        to = new ImageFixture(new PlainStore(directory.resolve("to"), keepsTars()));
    }

    /** Whether images made here have plain layers. */
    boolean keepsTars() {
        return false;
    }

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    byte[] save(String... names) {
        return save(from, names);
    }

    private static byte[] save(ImageFixture fixture, String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageArchives.Saved saved = fixture.services.archives().save(List.of(names), null)) {
            saved.writeTo(out);
        }
        return out.toByteArray();
    }

    List<Image> load(byte[] archive) {
        return to.services.archives().load(new ByteArrayInputStream(archive), true, to.progress::add);
    }

    private static List<String> names(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<String> names = new ArrayList<>();
        for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            names.add(entry.get().name());
        }
        return names;
    }

    @Test
    void bringsImagesBackDigestForDigest() throws IOException {
        Image one = from.image(List.of("a", "b"), null, "one", "one:v2");
        Image two = from.image(List.of("a"), null, "two");
        byte[] archive = save("one", "two:latest");
        List<String> names = names(archive);
        assertEquals(names.stream().distinct().count(), names.size(), "every blob once");
        assertEquals(2 + 2 + 2 + 2 + 4, names.size(), names::toString);
        assertEquals(
                List.of(one.id(), two.id()),
                load(archive).stream().map(Image::id).toList());
        assertEquals(List.of("one:latest", "one:v2"), to.tagsOf(one));
        assertEquals(
                from.services.images().inspect("one").manifest(),
                to.services.images().inspect("one").manifest());
        assertEquals(
                List.of(
                        new Progress.Text("Loaded image: one:latest\n"),
                        new Progress.Text("Loaded image: one:v2\n"),
                        new Progress.Text("Loaded image: two:latest\n")),
                to.progress);
    }

    @Test
    void savesTheSameBytesAgain() {
        from.image(List.of("a"), null, "one");
        assertArrayEquals(save("one"), save("one"));
        assertEquals("NOT_FOUND No such image: none:latest", ImageFixture.failure(() -> save("none")));
    }

    @Test
    void loadsUnnamedImagesAndMovesNames() {
        Image image = from.image(List.of("a"), null);
        load(save(image.id().hex()));
        assertEquals(List.of(new Progress.Text("Loaded image ID: " + image.id() + "\n")), to.progress);
        Image old = to.image(List.of("z"), null, "app");
        from.image(List.of("a"), null, "app");
        to.progress.clear();
        load(save("app"));
        assertEquals(
                new Progress.Text("The image app:latest already exists, renaming the old one with ID " + old.id()
                        + " to empty string\n"),
                to.progress.getFirst());
    }

    /** The form that docker save had before it wrote OCI layouts: a directory per layer, a link for a repeated one. */
    private static byte[] oldArchive(boolean gzip, String claimedDiffId) throws IOException {
        byte[] layer = ImageFixture.tar("f", "text");
        String diffId = claimedDiffId.isEmpty() ? Digest.of(layer).toString() : claimedDiffId;
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + diffId + "\",\"" + diffId + "\"]},\"unknown\":{\"kept\":1}}";
        String hex = Digest.of(config.getBytes(StandardCharsets.UTF_8)).hex();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.add(TarEntry.directory("aaaa", 0755, Instant.EPOCH));
        add(tar, "aaaa/VERSION", "1.0".getBytes(StandardCharsets.UTF_8));
        add(tar, "aaaa/layer.tar", layer);
        tar.add(TarEntry.symlink("bbbb/layer.tar", "../aaaa/layer.tar", Instant.EPOCH));
        add(tar, hex + ".json", config.getBytes(StandardCharsets.UTF_8));
        add(
                tar,
                "manifest.json",
                ("[{\"Config\":\"" + hex
                                + ".json\",\"RepoTags\":[\"old:1\"],\"Layers\":[\"aaaa/layer.tar\",\"bbbb/layer.tar\"]}]")
                        .getBytes(StandardCharsets.UTF_8));
        tar.finish();
        if (!gzip) {
            return out.toByteArray();
        }
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gz = new GZIPOutputStream(zipped)) {
            gz.write(out.toByteArray());
        }
        return zipped.toByteArray();
    }

    private static void add(TarWriter tar, String name, byte[] bytes) throws IOException {
        tar.add(TarEntry.file(name, 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
    }

    @Test
    void loadsTheOldForm() throws IOException {
        Image plain = load(oldArchive(false, "")).getFirst();
        assertEquals(List.of("old:1"), to.tagsOf(plain));
        assertEquals(2, plain.layers().size());
        assertEquals(plain, load(oldArchive(true, "")).getFirst());
        byte[] kept = to.store.content().readAll(plain.id(), Documents.MAX_CONFIG_BYTES);
        assertTrue(new String(kept, StandardCharsets.UTF_8).contains("unknown"), "the bytes are the original ones");
    }

    @Test
    void refusesDamagedAndForeignArchives() throws IOException {
        byte[] wrong = oldArchive(false, Digest.of(new byte[] {1}).toString());
        assertTrue(ImageFixture.failure(() -> load(wrong)).startsWith("DATA_LOSS "));
        assertEquals(
                "INVALID_ARGUMENT invalid archive: does not contain a manifest.json",
                ImageFixture.failure(() -> load(ImageFixture.tar("x", "y"))));
        assertTrue(
                ImageFixture.failure(() -> load("no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8)))
                        .startsWith("INVALID_ARGUMENT "));
        assertEquals(List.of(), to.services.images().list(ImageFilter.ALL));
    }

    @Test
    void loadsAnArchiveThatIsCompressedAsAWhole() throws IOException {
        Image image = from.image(List.of("a", "b"), null, "one");
        byte[] archive = save("one");
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gz = new GZIPOutputStream(zipped)) {
            gz.write(archive);
        }
        assertEquals(List.of(image), load(zipped.toByteArray()));
        assertEquals(List.of(image), load(com.github.luben.zstd.Zstd.compress(archive)));
    }

    /** An OCI layout as other tools write it, with an index of images of one layer of that media type. */
    private static byte[] layout(String mediaType, byte[] layer, String diffId, String... architectures)
            throws IOException {
        List<byte[]> blobs = new ArrayList<>(List.of(layer));
        List<String> entries = new ArrayList<>();
        for (String architecture : architectures) {
            byte[] config = config(architecture, "\"" + diffId + "\"");
            byte[] manifest = manifest(config, descriptor(mediaType, layer, ""));
            blobs.add(config);
            blobs.add(manifest);
            entries.add(entry(manifest, architecture));
        }
        return layout(index(entries, blobs), blobs);
    }

    private static byte[] config(String architecture, String diffIds) {
        return ("{\"architecture\":\"" + architecture
                        + "\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + diffIds + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] manifest(byte[] config, String layers) {
        return ("{\"schemaVersion\":2,\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", config, "") + ",\"layers\":[" + layers
                        + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String entry(byte[] manifest, String architecture) {
        return descriptor(
                "application/vnd.oci.image.manifest.v1+json",
                manifest,
                ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}");
    }

    /** An index.json that names an index of these entries, which comes to the blobs. */
    private static String index(List<String> entries, List<byte[]> blobs) {
        byte[] inner = ("{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        blobs.add(inner);
        return "{\"schemaVersion\":2,\"manifests\":["
                + descriptor(
                        "application/vnd.oci.image.index.v1+json",
                        inner,
                        ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"example/app:1\"}")
                + "]}";
    }

    private static byte[] layout(String index, List<byte[]> blobs) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        add(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        add(tar, "index.json", index.getBytes(StandardCharsets.UTF_8));
        for (byte[] blob : blobs) {
            add(tar, "blobs/sha256/" + Digest.of(blob).hex(), blob);
        }
        tar.finish();
        return out.toByteArray();
    }

    private static String descriptor(String mediaType, byte[] bytes, String more) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + Digest.of(bytes) + "\",\"size\":" + bytes.length
                + more + "}";
    }

    @Test
    void loadsLayoutsWithLayersOfEveryCompression() throws IOException {
        byte[] tar = ImageFixture.tar("f", "text");
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gz = new GZIPOutputStream(zipped)) {
            gz.write(tar);
        }
        for (var layer : java.util.Map.of(
                        MediaTypes.OCI_LAYER, tar,
                        MediaTypes.OCI_LAYER_GZIP, zipped.toByteArray(),
                        MediaTypes.OCI_LAYER_ZSTD, com.github.luben.zstd.Zstd.compress(tar))
                .entrySet()) {
            byte[] archive =
                    layout(layer.getKey(), layer.getValue(), Digest.of(tar).toString(), "amd64");
            Image image = load(archive).getFirst();
            assertEquals(List.of(Digest.of(tar)), image.layers());
            assertEquals(List.of("example/app:1"), to.tagsOf(image));
            byte[] manifest = to.store
                    .content()
                    .readAll(
                            java.util.Objects.requireNonNull(to.services
                                            .images()
                                            .inspect("example/app:1")
                                            .manifest())
                                    .contentDigest(),
                            1 << 20);
            assertEquals(
                    List.of(Descriptor.of(layer.getKey(), Digest.of(layer.getValue()), layer.getValue().length)),
                    Documents.manifest(manifest).layers());
        }
    }

    @Test
    void refusesForeignLayersAndTakesOtherPlatforms() throws IOException {
        byte[] tar = ImageFixture.tar("f", "text");
        String diffId = Digest.of(tar).toString();
        byte[] foreign = layout("application/vnd.oci.image.layer.nondistributable.v1.tar", tar, diffId, "amd64");
        String failure = ImageFixture.failure(() -> load(foreign));
        assertTrue(
                failure.startsWith("NOT_IMPLEMENTED load images: the layer " + diffId + " is a foreign one"), failure);
        byte[] other = layout(MediaTypes.OCI_LAYER, tar, diffId, "s390x");
        assertEquals(List.of("example/app:1"), to.tagsOf(load(other).getFirst()));
    }

    @Test
    void loadsWhatStandsBesideAnImageOfForeignLayers() throws IOException {
        byte[] tar = ImageFixture.tar("f", "text");
        String diffId = "\"" + Digest.of(tar) + "\"";
        String host = Platform.host().architecture();
        byte[] hosts = config(host, diffId);
        byte[] others = config("s390x", diffId);
        byte[] good = manifest(hosts, descriptor(MediaTypes.OCI_LAYER, tar, ""));
        byte[] foreign =
                manifest(others, descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar", tar, ""));
        List<byte[]> blobs = new ArrayList<>(List.of(tar, hosts, others, good, foreign));
        List<Image> images = load(layout(index(List.of(entry(foreign, "s390x"), entry(good, host)), blobs), blobs));
        assertEquals(1, images.size());
        assertEquals(host, images.getFirst().config().architecture());
        assertEquals(List.of("example/app:1"), to.tagsOf(images.getFirst()));
    }

    @Test
    void refusesDocumentsOfAnotherSizeThanIsListed() throws IOException {
        byte[] tar = ImageFixture.tar("f", "text");
        byte[] archive = layout(MediaTypes.OCI_LAYER, tar, Digest.of(tar).toString(), "amd64");
        String text = new String(archive, StandardCharsets.ISO_8859_1);
        Matcher size = Pattern.compile("image.index.v1\\+json\",\"digest\":\"[^\"]*\",\"size\":[0-9]*([0-9])")
                .matcher(text);
        assertTrue(size.find());
        char other = size.group(1).equals("1") ? '2' : '1';
        String lie = text.substring(0, size.start(1)) + other + text.substring(size.end(1));
        String failure = ImageFixture.failure(() -> load(lie.getBytes(StandardCharsets.ISO_8859_1)));
        assertTrue(failure.startsWith("DATA_LOSS load images: blobs/sha256/"), failure);
    }

    /** Layers that were compressed on their way in would not be those of the manifests that the index lists. */
    @Test
    void keepsAnIndexOfPlainLayersWhole() throws IOException {
        byte[] tar = ImageFixture.tar("f", "text");
        String host = Platform.host().architecture();
        byte[] archive = layout(MediaTypes.OCI_LAYER, tar, Digest.of(tar).toString(), "s390x", host);
        List<Image> images = load(archive);
        assertEquals(
                List.of(host, "s390x"),
                images.stream().map(image -> image.config().architecture()).toList(),
                "this machine's first");
        assertEquals(List.of("example/app:1"), to.tagsOf(images.getFirst()));
        assertEquals(List.of("example/app:1"), to.tagsOf(images.getLast()));
        to.roots.collect(to.store);
        assertArrayEquals(tar, to.store.content().readAll(Digest.of(tar), 1 << 20));
        // All its files are in what is saved, the index and the manifests too.
        List<String> blobs = names(archive).stream()
                .filter(name -> name.startsWith("blobs/sha256/"))
                .toList();
        assertEquals(6, blobs.size());
        List<String> saved = names(save(to, "example/app:1"));
        assertTrue(saved.containsAll(blobs), saved.toString());
    }

    /** A manifest of one layer in two forms can't be kept, as a layer is stored once. */
    @Test
    void loadsThoseImagesOfAnIndexThatCanBeKept() throws IOException {
        byte[] tar = ImageFixture.tar("f", "text");
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream gz = new GZIPOutputStream(gzip)) {
            gz.write(tar);
        }
        byte[] zipped = gzip.toByteArray();
        byte[] zstd = com.github.luben.zstd.Zstd.compress(tar);
        String host = Platform.host().architecture();
        List<byte[]> blobs = new ArrayList<>(List.of(zipped, zstd));
        List<String> entries = new ArrayList<>();
        for (String architecture : List.of("s390x", host, "riscv64")) {
            boolean both = architecture.equals("s390x");
            String diffId = "\"" + Digest.of(tar) + "\"";
            String layer = descriptor(MediaTypes.OCI_LAYER_GZIP, zipped, "");
            byte[] config = config(architecture, both ? diffId + "," + diffId : diffId);
            byte[] manifest =
                    manifest(config, both ? layer + "," + descriptor(MediaTypes.OCI_LAYER_ZSTD, zstd, "") : layer);
            blobs.add(config);
            blobs.add(manifest);
            entries.add(entry(manifest, architecture));
        }
        List<Image> images = load(layout(index(entries, blobs), blobs));
        assertEquals(
                List.of(host, "riscv64"),
                images.stream().map(image -> image.config().architecture()).toList());
        assertEquals(new Progress.Text("Loaded image: example/app:1\n"), to.progress.getFirst());
        String said = to.progress.getLast().toString();
        assertTrue(said.contains("Left out for linux/s390x: the images of the index sha256:"), said);
    }

    @Test
    void importsATarWithChanges() {
        byte[] tar = ImageFixture.tar("etc", "x");
        Image image = to.services
                .archives()
                .importTar(
                        new ByteArrayInputStream(tar),
                        new ImportRequest(Reference.parse("base"), "from here", null, List.of("CMD [\"sh\"]")),
                        to.progress::add);
        assertEquals(List.of(Digest.of(tar)), image.layers());
        ImageConfig config = to.services.images().resolve("base:latest").config();
        assertEquals(List.of("CMD [\"sh\"]"), config.execution().cmd());
        assertEquals("2026-01-02T03:04:05Z", config.created());
        assertEquals(
                "from here", to.services.images().history("base").getFirst().comment());
        assertEquals(List.of("import", "tag"), to.events);
    }
}
