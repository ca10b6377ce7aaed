package dev.forno.engine.images;

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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several platforms of one reference, with a real registry. */
class PlatformsTest {
    private static final Platform HOST = Platform.host();
    private static final Platform OTHER = Platform.of("linux", "s390x", null);
    private static final Platform THIRD = Platform.of("linux", "riscv64", null);

    @TempDir
    Path directory;

    private PlatformFixture platforms;
    private ImageFixture fixture;
    private Digest index = Digest.of(new byte[0]);

    @BeforeEach
    void open() throws IOException {
        assumeTrue(RegistryProcess.isInstalled(), "docker-registry is not installed");
        platforms = new PlatformFixture(directory);
        fixture = platforms.images;
        Descriptor host = platforms.published(HOST);
        Descriptor other = platforms.published(OTHER);
        index = platforms.push("multi", List.of(other, host));
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

    private Image pull(String name, @Nullable Platform platform) {
        return fixture.services
                .transfers()
                .pull(new PullRequest(reference(name), false, platform, RegistryAuth.NONE), fixture.progress::add);
    }

    private String architecture(String name, @Nullable Platform platform) {
        return fixture.services.images().resolve(name, platform).config().architecture();
    }

    @Test
    void keepsPlatformsSideBySide() {
        String name = reference("app:multi").toString();
        Image other = pull("app:multi", OTHER);
        assertEquals("s390x", architecture(name, null), "the only one that is here");
        FornoException e = assertThrows(
                FornoException.class, () -> fixture.services.images().resolve(name, HOST));
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        assertEquals(
                "image with reference " + name + " was found but does not provide the specified platform (" + HOST
                        + ")",
                e.getMessage());
        Image own = pull("app:multi", null);
        assertEquals(HOST.architecture(), architecture(name, null));
        pull("app:multi", OTHER);
        assertEquals(HOST.architecture(), architecture(name, null), "this machine's is the one that is meant");
        assertEquals("s390x", architecture(name, OTHER));
        assertEquals(own.id(), fixture.services.images().resolve(name, HOST).id());
        assertEquals(
                other.id(),
                fixture.services.images().inspect(name, OTHER).image().id());
        for (Image image : List.of(own, other)) {
            assertEquals(List.of(name), fixture.tagsOf(image));
            assertEquals(
                    List.of(reference("app").name() + "@" + index),
                    fixture.services.images().inspect(image.id().toString()).repoDigests());
        }
        fixture.roots.collect(fixture.store);
        assertEquals("s390x", architecture(reference("app").name() + "@" + index, OTHER));
    }

    @Test
    void removesOnePlatformOrAll() {
        String name = reference("app:multi").toString();
        Image own = pull("app:multi", null);
        Image other = pull("app:multi", OTHER);
        fixture.services.images().tag(name, Reference.parse("copy:1"));
        assertEquals(
                other.id(), fixture.services.images().resolve("copy:1", OTHER).id());
        fixture.remove("copy:1", false);
        List<String> removed = ImageFixture.shown(
                fixture.services.removal().removePlatform(name, OTHER, false).removed());
        assertEquals("Deleted: " + other.id(), removed.getFirst());
        assertEquals(HOST.architecture(), architecture(name, null));
        assertThrows(FornoException.class, () -> fixture.services.images().resolve(name, OTHER));
        pull("app:multi", OTHER);
        List<String> all = fixture.remove(name, false);
        assertTrue(all.contains("Deleted: " + own.id()), all.toString());
        assertTrue(all.contains("Deleted: " + other.id()), all.toString());
        assertEquals(List.of(), fixture.store.content().list());
    }

    @Test
    void removesAnImageByIdAndLeavesTheNameToTheOther() {
        String name = reference("app:multi").toString();
        Image own = pull("app:multi", null);
        Image other = pull("app:multi", OTHER);
        fixture.remove(own.id().toString(), true);
        assertEquals(other.id(), fixture.services.images().resolve(name).id());
        assertEquals(List.of(name), fixture.tagsOf(other));
    }

    @Test
    void pushesTheIndexWhenAllIsHere() {
        pull("app:multi", null);
        pull("app:multi", OTHER);
        fixture.services.images().tag(reference("app:multi").toString(), reference("copy:all"));
        fixture.services.transfers().push(reference("copy:all"), RegistryAuth.NONE, fixture.progress::add);
        ManifestDocument pushed = repository("copy").manifest(reference("copy:all"));
        assertEquals(index.toString(), pushed.descriptor().digest());
        assertTrue(fixture.services
                .images()
                .inspect(reference("copy:all").toString())
                .repoDigests()
                .contains(reference("copy").name() + "@" + index));
        fixture.services.transfers().push(reference("copy:all"), OTHER, RegistryAuth.NONE, fixture.progress::add);
        assertTrue(repository("copy").manifest(reference("copy:all")) instanceof ManifestDocument.OfImage);
        assertThrows(FornoException.class, () -> fixture.services
                .transfers()
                .push(reference("copy:all"), THIRD, RegistryAuth.NONE, fixture.progress::add));
    }

    @Test
    void pushesTheOneManifestThatIsHere() {
        Image own = pull("app:multi", null);
        fixture.services.images().tag(reference("app:multi").toString(), reference("one:1"));
        fixture.services.transfers().push(reference("one:1"), RegistryAuth.NONE, fixture.progress::add);
        assertTrue(fixture.progress.stream()
                .anyMatch(step -> step.toString().contains("only the available single-platform image was pushed")));
        ManifestDocument pushed = repository("one").manifest(reference("one:1"));
        assertEquals(
                own.id().toString(),
                ((ManifestDocument.OfImage) pushed).manifest().config().digest());
        // Where the registry has the rest, the index goes.
        fixture.services.images().tag(reference("app:multi").toString(), reference("app:again"));
        fixture.services.transfers().push(reference("app:again"), RegistryAuth.NONE, fixture.progress::add);
        assertEquals(
                index.toString(),
                repository("app").manifest(reference("app:again")).descriptor().digest());
    }

    @Test
    void refusesArtifacts() {
        byte[] config = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Descriptor empty = Descriptor.of("application/vnd.oci.empty.v1+json", Digest.of(config), config.length);
        repository("app").push(empty, () -> new ByteArrayInputStream(config), null, n -> {});
        byte[] bytes = Documents.write(
                Manifest.class,
                new Manifest(2, MediaTypes.OCI_MANIFEST, "application/x-chart", empty, List.of(), null, null));
        repository("app").push(Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(bytes), bytes.length), bytes, "chart");
        FornoException e = assertThrows(FornoException.class, () -> pull("app:chart", null));
        assertEquals("unsupported media type application/x-chart: this is an artifact, not an image", e.getMessage());
        assertEquals(List.of(), fixture.store.content().list());
    }

    @Test
    void refusesAnIndexOfWhichSomeIsMissing() {
        Descriptor third = platforms.published(THIRD);
        Index more = Documents.index(
                repository("app").manifest(reference("app:multi")).bytes());
        byte[] bytes = Documents.write(
                Index.class,
                Index.of(List.of(more.manifests().get(0), more.manifests().get(1), third)));
        repository("app").push(Descriptor.of(MediaTypes.OCI_INDEX, Digest.of(bytes), bytes.length), bytes, "three");
        pull("app:three", null);
        pull("app:three", OTHER);
        fixture.services.images().tag(reference("app:three").toString(), reference("new:1"));
        FornoException e = assertThrows(
                FornoException.class,
                () -> fixture.services.transfers().push(reference("new:1"), RegistryAuth.NONE, fixture.progress::add));
        assertTrue(e.getMessage().contains(third.digest()), e.getMessage());
        assertTrue(e.getMessage().contains("--platform flag"), e.getMessage());
        assertFalse(fixture.progress.getLast().toString().contains("Pushed[tag"));
    }

    /** As a pull does, so that every operation means the same image. */
    @Test
    void choosesTheHighestVariantThatFits() throws IOException {
        Descriptor older = platforms.published(Platform.of("linux", "arm", "v5"));
        Descriptor newer = platforms.published(Platform.of("linux", "arm", "v7"));
        Descriptor newest = platforms.published(Platform.of("linux", "arm", "v8"));
        byte[] bytes = Documents.write(Index.class, Index.of(List.of(older, newer, newest)));
        repository("app").push(Descriptor.of(MediaTypes.OCI_INDEX, Digest.of(bytes), bytes.length), bytes, "arms");
        Platform wanted = Platform.of("linux", "arm", "v7");
        for (Descriptor one : List.of(newest, newer, older)) {
            pull("app:arms", one.platform());
        }
        String name = reference("app:arms").toString();
        String chosen = newer.digest();
        assertEquals(
                chosen,
                Objects.requireNonNull(
                                fixture.services.images().inspect(name, wanted).manifest())
                        .digest());
        fixture.services.images().tag(name, reference("one:1"));
        fixture.services.transfers().push(reference("one:1"), wanted, RegistryAuth.NONE, fixture.progress::add);
        assertEquals(
                chosen,
                repository("one").manifest(reference("one:1")).descriptor().digest());
        java.io.ByteArrayOutputStream archive = new java.io.ByteArrayOutputStream();
        try (ImageArchives.Saved saved = fixture.services.archives().save(List.of(name), wanted)) {
            saved.writeTo(archive);
        }
        String text = archive.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(chosen.substring(7)));
        assertFalse(text.contains(older.digest().substring(7)));
    }
}
