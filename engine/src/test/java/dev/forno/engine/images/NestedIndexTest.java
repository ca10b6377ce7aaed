package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.registry.client.Repository;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.contents.BlobStat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes within indexes, from a registry and back, and in archives. */
class NestedIndexTest {
    private static final Platform HOST = Platform.host();
    private static final Platform OTHER = Platform.of("linux", "s390x", null);
    private static final Platform THIRD = Platform.of("linux", "riscv64", null);

    @TempDir
    Path directory;

    private PlatformFixture platforms;
    private ImageFixture fixture;
    private Descriptor host = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(new byte[0]), 0);
    private Descriptor attestation = host;
    private Descriptor third = host;
    private Descriptor inner = host;
    private Descriptor deep = host;
    private Descriptor middle = host;
    private Descriptor top = host;

    /** {@code top} has an image and an index of this machine's image with an attestation, and one more an index deeper. */
    @BeforeEach
    void open() throws IOException {
        assumeTrue(RegistryProcess.isInstalled(), "docker-registry is not installed");
        platforms = new PlatformFixture(directory);
        fixture = platforms.images;
        Descriptor other = platforms.published(OTHER);
        host = platforms.published(HOST);
        attestation = attestation(host);
        third = platforms.published(THIRD);
        inner = index("inner", host, attestation);
        deep = index("deep", third);
        middle = index("middle", deep);
        top = index("nested", other, inner, middle);
        fixture.progress.clear();
    }

    @AfterEach
    void close() {
        platforms.close();
    }

    private Descriptor index(String tag, Descriptor... entries) {
        Digest digest = platforms.push(tag, List.of(entries));
        int size = platforms.repository("app").manifest(reference("app:" + tag)).bytes().length;
        return Descriptor.of(MediaTypes.OCI_INDEX, digest, size);
    }

    private Descriptor attestation(Descriptor image) {
        byte[] statement = ("{\"of\":\"" + image.digest() + "\"}").getBytes(StandardCharsets.UTF_8);
        Descriptor blob = Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(statement), statement.length);
        Repository app = platforms.repository("app");
        app.push(blob, () -> new ByteArrayInputStream(statement), null, n -> {});
        byte[] bytes = Documents.write(Manifest.class, Manifest.of(blob, List.of()));
        Descriptor manifest = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(bytes), bytes.length);
        app.push(manifest, bytes, manifest.digest());
        Map<String, String> about = Map.of(
                "vnd.docker.reference.digest", image.digest(), "vnd.docker.reference.type", "attestation-manifest");
        Platform unknown = Platform.of("unknown", "unknown", null);
        return new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), null, about, unknown, null, null);
    }

    private Reference reference(String name) {
        return platforms.reference(name);
    }

    private Image pull(ImageFixture into, String name, @Nullable Platform platform) {
        return into.services
                .transfers()
                .pull(new PullRequest(reference(name), false, platform, RegistryAuth.NONE), into.progress::add);
    }

    private void pullAll() {
        pull(fixture, "app:nested", OTHER);
        pull(fixture, "app:nested", null);
        pull(fixture, "app:nested", THIRD);
    }

    private void push(ImageFixture from, String name) {
        from.services.images().tag(reference("app:nested").toString(), reference(name));
        from.services.transfers().push(reference(name), RegistryAuth.NONE, from.progress::add);
    }

    private static byte[] save(ImageFixture from, String name, @Nullable Platform platform) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageArchives.Saved saved = from.services.archives().save(List.of(name), platform)) {
            saved.writeTo(out);
        }
        return out.toByteArray();
    }

    private static void load(ImageFixture into, byte[] archive, @Nullable Platform platform) {
        into.services.archives().load(new ByteArrayInputStream(archive), platform, true, into.progress::add);
    }

    private static boolean has(ImageFixture fixture, Descriptor blob) {
        return fixture.store.content().stat(blob.contentDigest()).isPresent();
    }

    private static Set<Digest> blobs(ImageFixture fixture) {
        return fixture.store.content().list().stream().map(BlobStat::digest).collect(Collectors.toSet());
    }

    private static String architecture(ImageFixture fixture, String name, @Nullable Platform platform) {
        return fixture.services.images().resolve(name, platform).config().architecture();
    }

    /** Whether all of an index can be had from a repository, by digest. */
    private void assertWhole(String name, ManifestDocument document) {
        switch (document) {
            case ManifestDocument.OfIndex index -> {
                for (Descriptor entry : index.index().manifests()) {
                    Reference reference = reference(name).withDigest(entry.contentDigest());
                    assertWhole(name, platforms.repository(name).manifest(reference));
                }
            }
            case ManifestDocument.OfImage image -> {
                for (Descriptor blob : image.manifest().layers()) {
                    assertEquals(blob.size(), platforms.repository(name).blob(blob, 1 << 20).length);
                }
            }
        }
    }

    private void assertPushed(String name) {
        ManifestDocument found = platforms.repository(name).manifest(reference(name + ":1"));
        assertEquals(top.digest(), found.descriptor().digest());
        assertWhole(name, found);
    }

    @Test
    void keepsIndexesWithTheImagesThatTheyLeadTo() {
        String name = reference("app:nested").toString();
        pull(fixture, "app:nested", null);
        fixture.roots.collect(fixture.store);
        assertTrue(has(fixture, inner));
        assertTrue(has(fixture, attestation));
        assertFalse(has(fixture, middle), "on the way to what was not asked for");
        pull(fixture, "app:nested", THIRD);
        fixture.roots.collect(fixture.store);
        assertTrue(has(fixture, middle) && has(fixture, deep));
        assertEquals(HOST.architecture(), architecture(fixture, name, null));
        assertEquals("riscv64", architecture(fixture, name, THIRD));
        fixture.services.removal().removePlatform(name, THIRD, true);
        assertFalse(has(fixture, middle) || has(fixture, deep) || has(fixture, third));
        assertTrue(has(fixture, inner) && has(fixture, top));
        fixture.remove(name, true);
        assertEquals(Set.of(), blobs(fixture));
    }

    @Test
    void pushesAllOfItInAnOrderThatRegistriesTake() {
        pullAll();
        push(fixture, "copy:1");
        assertPushed("copy");
        String pushed = reference("copy").name() + "@" + top.digest();
        assertTrue(fixture.services
                .images()
                .inspect(reference("copy:1").toString())
                .repoDigests()
                .contains(pushed));
    }

    @Test
    void pushesNoIndexOfWhichAPartIsMissing() {
        pull(fixture, "app:nested", null);
        push(fixture, "single:1");
        assertEquals(
                host.digest(),
                platforms
                        .repository("single")
                        .manifest(reference("single:1"))
                        .descriptor()
                        .digest());
        pull(fixture, "app:nested", OTHER);
        FornoException e = assertThrows(FornoException.class, () -> push(fixture, "part:1"));
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains(middle.digest()), e.getMessage());
        // Where the registry has the rest, the index goes.
        push(fixture, "app:1");
        assertPushed("app");
    }

    @Test
    void savesAndLoadsAllThatIsHere() {
        String name = reference("app:nested").toString();
        pullAll();
        byte[] archive = save(fixture, name, null);
        try (ImageFixture other = new ImageFixture(directory.resolve("other"))) {
            load(other, archive, null);
            assertEquals(List.of(new Progress.Text("Loaded image: " + name + "\n")), other.progress);
            other.roots.collect(other.store);
            assertEquals(blobs(fixture), blobs(other));
            assertEquals(HOST.architecture(), architecture(other, name, null), "this machine's is meant");
            assertEquals("riscv64", architecture(other, name, THIRD));
            assertArrayEquals(archive, save(other, name, null));
            push(other, "new:1");
            assertPushed("new");
            other.remove(name, true);
            other.remove(reference("new:1").toString(), true);
            assertEquals(Set.of(), blobs(other));
        }
    }

    /** Of what is here in part an archive has that part, under the same digest. */
    @Test
    void savesAndLoadsAPart() throws IOException {
        String name = reference("app:nested").toString();
        pull(fixture, "app:nested", null);
        byte[] archive = save(fixture, name, null);
        TarReader files = new TarReader(new ByteArrayInputStream(archive));
        while (!files.next().orElseThrow().name().equals("index.json")) {
            // Blobs come first.
        }
        assertEquals(
                List.of(top.digest()),
                Documents.index(files.content().readAllBytes()).manifests().stream()
                        .map(Descriptor::digest)
                        .toList());
        try (ImageFixture other = new ImageFixture(directory.resolve("other"))) {
            load(other, archive, null);
            other.roots.collect(other.store);
            assertEquals(blobs(fixture), blobs(other));
            pull(other, "app:nested", THIRD);
            assertEquals(HOST.architecture(), architecture(other, name, HOST), "it is the same index");
        }
    }

    @Test
    void savesAndLoadsOnePlatform() {
        String name = reference("app:nested").toString();
        pullAll();
        byte[] archive = save(fixture, name, null);
        try (ImageFixture other = new ImageFixture(directory.resolve("other"))) {
            load(other, archive, THIRD);
            assertEquals("riscv64", architecture(other, name, null));
            other.roots.collect(other.store);
            assertFalse(has(other, inner));
            assertTrue(has(other, middle) && has(other, deep));
        }
        String one = new String(save(fixture, name, THIRD), StandardCharsets.ISO_8859_1);
        assertTrue(one.contains(third.contentDigest().hex()));
        assertFalse(one.contains(deep.contentDigest().hex()));
    }

    /** All of an index as an OCI layout of another tool has it, without names. */
    private byte[] layout(Descriptor entry) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        gather(files, entry);
        files.put("index.json", Documents.write(Index.class, Index.of(List.of(entry))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] bytes = file.getValue();
            tar.add(TarEntry.file(file.getKey(), 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
        }
        tar.finish();
        return out.toByteArray();
    }

    private void gather(Map<String, byte[]> files, Descriptor entry) {
        Repository app = platforms.repository("app");
        ManifestDocument document = app.manifest(reference("app").withDigest(entry.contentDigest()));
        files.put(ArchiveImage.path(entry), document.bytes());
        switch (document) {
            case ManifestDocument.OfIndex list -> list.index().manifests().forEach(one -> gather(files, one));
            case ManifestDocument.OfImage image -> {
                List<Descriptor> blobs = new ArrayList<>(image.manifest().layers());
                blobs.add(image.manifest().config());
                blobs.forEach(blob -> files.put(ArchiveImage.path(blob), app.blob(blob, 1 << 20)));
            }
        }
    }

    /** An image that several indexes lead to needs each of them, or the whole could not be sent. */
    @Test
    void loadsEachOfTheIndexesThatAnArchiveHas() throws IOException {
        Descriptor same = index("same", host);
        byte[] archive = layout(index("nested", inner, same, host));
        load(fixture, archive, null);
        fixture.roots.collect(fixture.store);
        assertTrue(has(fixture, inner) && has(fixture, same) && has(fixture, attestation));
        assertEquals(1, fixture.services.images().list(ImageFilter.ALL).size());
    }

    /** A pull goes one way to the image, and says nothing against the others. */
    @Test
    void keepsEachOfTheIndexesWhenAPullFollows() throws IOException {
        Descriptor same = index("same", host);
        Descriptor whole = index("nested", inner, same, host);
        Map<String, String> name =
                Map.of("io.containerd.image.name", reference("app:nested").toString());
        load(
                fixture,
                layout(new Descriptor(whole.mediaType(), whole.digest(), whole.size(), null, name, null, null, null)),
                null);
        pull(fixture, "app:nested", null);
        fixture.roots.collect(fixture.store);
        assertTrue(has(fixture, inner) && has(fixture, same) && has(fixture, attestation));
        push(fixture, "copy:1");
        ManifestDocument pushed = platforms.repository("copy").manifest(reference("copy:1"));
        assertEquals(whole.digest(), pushed.descriptor().digest());
        assertWhole("copy", pushed);
    }

    @Test
    void refusesArchivesOfIndexesThatAreTooDeep() throws IOException {
        Descriptor target = index("level", top);
        load(fixture, layout(target), null);
        assertEquals(3, fixture.services.images().list(ImageFilter.ALL).size());
        byte[] deeper = layout(index("level", target));
        FornoException e = assertThrows(FornoException.class, () -> load(fixture, deeper, null));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertEquals("load images: indexes within an index are nested deeper than 4 levels", e.getMessage());
    }
}
