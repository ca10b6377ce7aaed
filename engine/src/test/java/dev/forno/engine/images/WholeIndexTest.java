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
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.registry.client.Repository;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import dev.forno.store.contents.BlobStat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes of several images with an attestation for each, as BuildKit makes them, from a registry and back, and in archives. */
class WholeIndexTest {
    private static final Platform HOST = Platform.host();
    private static final Platform OTHER = Platform.of("linux", "s390x", null);
    private static final String IN_TOTO = "application/vnd.in-toto+json";

    @TempDir
    Path directory;

    private PlatformFixture platforms;
    private ImageFixture fixture;
    private final List<Descriptor> entries = new ArrayList<>();
    private Digest index = Digest.of(new byte[0]);

    @BeforeEach
    void open() throws IOException {
        assumeTrue(RegistryProcess.isInstalled(), "docker-registry is not installed");
        platforms = new PlatformFixture(directory);
        fixture = platforms.images;
        Descriptor other = platforms.published(OTHER);
        Descriptor host = platforms.published(HOST);
        entries.addAll(List.of(other, host, attestation(other, 100), attestation(host, 200)));
        index = platforms.push("multi", entries);
        fixture.progress.clear();
    }

    @AfterEach
    void close() {
        platforms.close();
    }

    private Reference reference(String name) {
        return platforms.reference(name);
    }

    private Repository repository(String name) {
        return platforms.repository(name);
    }

    /** An attestation about an image, of about so many bytes. */
    private Descriptor attestation(Descriptor image, int size) {
        byte[] random = new byte[size / 2];
        new Random(size).nextBytes(random);
        byte[] statement = ("{\"of\":\"" + image.digest() + "\",\"x\":\""
                        + java.util.HexFormat.of().formatHex(random) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] config =
                ("{\"architecture\":\"unknown\",\"os\":\"unknown\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                                + Digest.of(statement) + "\"]}}")
                        .getBytes(StandardCharsets.UTF_8);
        Descriptor layer = Descriptor.of(IN_TOTO, Digest.of(statement), statement.length);
        Descriptor configBlob = Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(config), config.length);
        Repository app = repository("app");
        app.push(layer, () -> new ByteArrayInputStream(statement), null, n -> {});
        app.push(configBlob, () -> new ByteArrayInputStream(config), null, n -> {});
        return attestation(image, Manifest.of(configBlob, List.of(layer)));
    }

    /** The same of blobs that are there. */
    private Descriptor attestation(Descriptor image, Manifest statements) {
        byte[] manifest = Documents.write(Manifest.class, statements);
        Digest digest = Digest.of(manifest);
        repository("app")
                .push(Descriptor.of(MediaTypes.OCI_MANIFEST, digest, manifest.length), manifest, digest.toString());
        return new Descriptor(
                MediaTypes.OCI_MANIFEST,
                digest.toString(),
                manifest.length,
                null,
                Map.of(
                        "vnd.docker.reference.digest",
                        image.digest(),
                        "vnd.docker.reference.type",
                        "attestation-manifest"),
                Platform.of("unknown", "unknown", null),
                null,
                null);
    }

    private static Image pull(ImageFixture into, Reference reference, @Nullable Platform platform) {
        return into.services
                .transfers()
                .pull(new PullRequest(reference, false, platform, RegistryAuth.NONE), into.progress::add);
    }

    private static boolean has(ImageFixture fixture, Descriptor blob) {
        return fixture.store.content().stat(blob.contentDigest()).isPresent();
    }

    private static Set<String> blobs(ImageFixture fixture) {
        Set<String> blobs = new HashSet<>();
        for (BlobStat blob : fixture.store.content().list()) {
            blobs.add(blob.digest() + " " + blob.size());
        }
        return blobs;
    }

    private static byte[] save(ImageFixture from, String name, @Nullable Platform platform) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageArchives.Saved saved = from.services.archives().save(List.of(name), platform)) {
            saved.writeTo(out);
        }
        return out.toByteArray();
    }

    private static String architecture(ImageFixture fixture, String name, @Nullable Platform platform) {
        return fixture.services.images().resolve(name, platform).config().architecture();
    }

    /** Whether a repository has the index with all that it lists, by digest. */
    private void assertWhole(String name) {
        ManifestDocument found = repository(name).manifest(reference(name + ":1"));
        assertEquals(index.toString(), found.descriptor().digest());
        for (Descriptor entry : ((ManifestDocument.OfIndex) found).index().manifests()) {
            ManifestDocument.OfImage one = (ManifestDocument.OfImage)
                    repository(name).manifest(reference(name).withDigest(entry.contentDigest()));
            List<Descriptor> blobs = new ArrayList<>(one.manifest().layers());
            blobs.add(one.manifest().config());
            for (Descriptor blob : blobs) {
                assertEquals(blob.size(), repository(name).blob(blob, 16 << 20).length);
            }
        }
    }

    @Test
    void keepsAttestationsWithTheirImages() {
        String name = reference("app:multi").toString();
        pull(fixture, reference("app:multi"), null);
        fixture.roots.collect(fixture.store);
        assertTrue(has(fixture, entries.get(3)));
        assertFalse(has(fixture, entries.get(2)), "that of an image that was not asked for");
        fixture.services.images().tag(name, reference("single:1"));
        fixture.services.transfers().push(reference("single:1"), RegistryAuth.NONE, fixture.progress::add);
        assertTrue(repository("single").manifest(reference("single:1")) instanceof ManifestDocument.OfImage);
        fixture.remove(reference("single:1").toString(), false);
        pull(fixture, reference("app:multi"), OTHER);
        fixture.services.images().tag(name, reference("copy:1"));
        fixture.services.transfers().push(reference("copy:1"), RegistryAuth.NONE, fixture.progress::add);
        assertWhole("copy");
        fixture.services.removal().removePlatform(name, HOST, true);
        fixture.services.removal().removePlatform(reference("copy:1").toString(), HOST, true);
        assertFalse(has(fixture, entries.get(3)), "it goes with its image");
        assertTrue(has(fixture, entries.get(2)));
        fixture.remove(name, true);
        fixture.remove(reference("copy:1").toString(), true);
        assertEquals(Set.of(), blobs(fixture));
    }

    @Test
    void pushesTheIndexOfOneImageAndItsAttestation() {
        index = platforms.push("one", List.of(entries.get(1), entries.get(3)));
        pull(fixture, reference("app:one"), null);
        fixture.services.images().tag(reference("app:one").toString(), reference("new:1"));
        fixture.services.transfers().push(reference("new:1"), RegistryAuth.NONE, fixture.progress::add);
        assertWhole("new");
    }

    @Test
    void pullsWhatWasCopiedWithoutItsAttestations() throws IOException {
        try (FaultProxy proxy = FaultProxy.before(platforms.registry.host())) {
            proxy.always("GET", entries.get(3).digest(), Fault.status(404));
            Reference reference = Reference.parse(proxy.address() + "/app:multi");
            assertEquals(
                    HOST.architecture(), pull(fixture, reference, null).config().architecture());
            assertFalse(has(fixture, entries.get(3)));
            proxy.heal();
            pull(fixture, reference, null);
            assertTrue(has(fixture, entries.get(3)), "the next pull brings what was missing");
            fixture.remove(reference.toString(), true);
            // Wrong bytes are not kept.
            Manifest attestation = Documents.manifest(repository("app")
                    .manifest(reference("app").withDigest(entries.get(3).contentDigest()))
                    .bytes());
            proxy.always("GET", attestation.layers().getFirst().digest(), new Fault.Corrupt(7));
            FornoException e = assertThrows(FornoException.class, () -> pull(fixture, reference, null));
            assertEquals(ErrorKind.DATA_LOSS, e.kind());
            proxy.heal();
            pull(fixture, reference, null);
        }
    }

    @Test
    void pullsWithoutAttestationsThatCannotBeHad() throws IOException {
        try (FaultProxy proxy = FaultProxy.before(platforms.registry.host())) {
            Reference reference = Reference.parse(proxy.address() + "/app:multi");
            String layer = manifest(entries.get(3)).layers().getFirst().digest();
            proxy.always("GET", "/manifests/" + entries.get(3).digest(), Fault.status(401));
            pull(fixture, reference, null);
            assertFalse(has(fixture, entries.get(3)));
            proxy.heal();
            proxy.always("GET", "/blobs/" + layer, Fault.status(404));
            fixture.progress.clear();
            pull(fixture, reference, null);
            assertFalse(has(fixture, entries.get(3)));
            assertTrue(
                    fixture.progress.contains(new Progress.Status(
                            null, "WARNING: an attestation was left out: the registry lacks its blob " + layer)),
                    fixture.progress::toString);
            save(fixture, reference.toString(), null);
            proxy.heal();
            pull(fixture, reference, null);
            assertTrue(has(fixture, entries.get(3)), "the next pull brings what was missing");
        }
    }

    private static Descriptor resized(Descriptor entry, long size) {
        return new Descriptor(
                entry.mediaType(),
                entry.digest(),
                size,
                null,
                entry.annotations(),
                entry.platform(),
                entry.artifactType(),
                entry.data());
    }

    private Manifest manifest(Descriptor entry) {
        return Documents.manifest(repository("app")
                .manifest(reference("app").withDigest(entry.contentDigest()))
                .bytes());
    }

    /** Their sizes would be those of an archive's files. */
    @Test
    void refusesAttestationsOfOtherSizes() {
        Descriptor host = entries.get(1);
        Descriptor entry = entries.get(3);
        for (long size : List.of(entry.size() - 1, entry.size() + 1)) {
            platforms.push("sizes", List.of(host, resized(entry, size)));
            FornoException e = assertThrows(FornoException.class, () -> pull(fixture, reference("app:sizes"), null));
            assertEquals(ErrorKind.DATA_LOSS, e.kind());
        }
        // One of a blob that is here by its image.
        Descriptor config = manifest(host).config();
        Descriptor cut = resized(config, config.size() - 1);
        Manifest honest = manifest(entry);
        Descriptor lie = attestation(host, Manifest.of(honest.config(), List.of(cut)));
        platforms.push("sizes", List.of(host, lie));
        FornoException e = assertThrows(FornoException.class, () -> pull(fixture, reference("app:sizes"), null));
        assertEquals(ErrorKind.DATA_LOSS, e.kind());
        assertTrue(e.getMessage().contains(config.digest()), e.getMessage());
        // The same blob in two sizes, of which one is right.
        Descriptor layer = honest.layers().getFirst();
        Descriptor other = attestation(host, Manifest.of(honest.config(), List.of(resized(layer, layer.size() - 1))));
        platforms.push("sizes", List.of(host, entry, other));
        e = assertThrows(FornoException.class, () -> pull(fixture, reference("app:sizes"), null));
        assertEquals(ErrorKind.DATA_LOSS, e.kind());
    }

    /** An entry that calls itself an attestation, but isn't one. */
    @Test
    void refusesWhatIsNoAttestation() {
        Descriptor host = entries.get(1);
        Descriptor odd = new Descriptor(
                MediaTypes.OCI_MANIFEST,
                index.toString(),
                repository("app").manifest(reference("app:multi")).bytes().length,
                null,
                entries.get(3).annotations(),
                null,
                null,
                null);
        platforms.push("odd", List.of(host, odd));
        FornoException e = assertThrows(FornoException.class, () -> pull(fixture, reference("app:odd"), null));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        // One that is the image itself does no harm.
        Descriptor self = new Descriptor(
                host.mediaType(),
                host.digest(),
                host.size(),
                null,
                entries.get(3).annotations(),
                null,
                null,
                null);
        index = platforms.push("self", List.of(host, self));
        pull(fixture, reference("app:self"), null);
        fixture.services.images().tag(reference("app:self").toString(), reference("new:1"));
        fixture.services.transfers().push(reference("new:1"), RegistryAuth.NONE, fixture.progress::add);
        assertWhole("new");
        fixture.remove(reference("app:self").toString(), true);
        fixture.remove(reference("new:1").toString(), true);
        assertEquals(Set.of(), blobs(fixture));
    }

    @Test
    void savesAndLoadsAllThatIsHere() {
        // One that is larger than any document may be.
        entries.set(3, attestation(entries.get(1), 9 << 20));
        index = platforms.push("multi", entries);
        String name = reference("app:multi").toString();
        pull(fixture, reference("app:multi"), OTHER);
        pull(fixture, reference("app:multi"), null);
        Set<String> before = blobs(fixture);
        byte[] archive = save(fixture, name, null);
        assertArrayEquals(archive, save(fixture, name, null));
        try (ImageFixture other = new ImageFixture(directory.resolve("other"))) {
            List<Image> images =
                    other.services.archives().load(new ByteArrayInputStream(archive), true, other.progress::add);
            assertEquals(2, images.size());
            assertEquals(List.of(new Progress.Text("Loaded image: " + name + "\n")), other.progress);
            other.roots.collect(other.store);
            assertEquals(before, blobs(other));
            assertEquals(HOST.architecture(), architecture(other, name, null), "this machine's is meant");
            assertEquals("s390x", architecture(other, name, OTHER));
            other.services.images().tag(name, reference("new:1"));
            other.services.transfers().push(reference("new:1"), RegistryAuth.NONE, other.progress::add);
            assertWhole("new");
            assertArrayEquals(archive, save(other, name, null));
            other.remove(name, true);
            other.remove(reference("new:1").toString(), true);
            assertEquals(Set.of(), blobs(other));
        }
    }

    @Test
    void loadsAndSavesOnePlatform() {
        String name = reference("app:multi").toString();
        pull(fixture, reference("app:multi"), OTHER);
        pull(fixture, reference("app:multi"), null);
        byte[] archive = save(fixture, name, null);
        try (ImageFixture other = new ImageFixture(directory.resolve("other"))) {
            ImageArchives archives = other.services.archives();
            FornoException e = assertThrows(
                    FornoException.class,
                    () -> archives.load(
                            new ByteArrayInputStream(archive),
                            Platform.of("linux", "arm", "v7"),
                            true,
                            progress -> {}));
            assertEquals(ErrorKind.NOT_FOUND, e.kind());
            assertEquals("load images: the archive has no image for the platform linux/arm/v7", e.getMessage());
            archives.load(new ByteArrayInputStream(archive), OTHER, true, progress -> {});
            assertEquals("s390x", architecture(other, name, null));
            assertThrows(FornoException.class, () -> architecture(other, name, HOST));
            archives.load(new ByteArrayInputStream(archive), HOST, true, progress -> {});
            assertEquals("s390x", architecture(other, name, OTHER), "one joins the other");
            assertEquals(HOST.architecture(), architecture(other, name, null));
            assertArrayEquals(archive, save(other, name, null));
        }
        byte[] one = save(fixture, name, OTHER);
        String text = new String(one, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(index.hex()));
        try (ImageFixture third = new ImageFixture(directory.resolve("third"))) {
            third.services.archives().load(new ByteArrayInputStream(one), true, third.progress::add);
            assertEquals("s390x", architecture(third, name, null));
        }
    }

    /** Of an index that is here in part an archive has that part, under the same digest. */
    @Test
    void savesAndLoadsAPart() {
        String name = reference("app:multi").toString();
        pull(fixture, reference("app:multi"), null);
        byte[] archive = save(fixture, name, null);
        try (ImageFixture other = new ImageFixture(directory.resolve("other"))) {
            other.services.archives().load(new ByteArrayInputStream(archive), true, other.progress::add);
            other.roots.collect(other.store);
            assertEquals(blobs(fixture), blobs(other));
            assertTrue(other.store.content().stat(index).isPresent());
            pull(other, reference("app:multi"), OTHER);
            assertEquals(HOST.architecture(), architecture(other, name, HOST), "it is the same index");
        }
    }
}
