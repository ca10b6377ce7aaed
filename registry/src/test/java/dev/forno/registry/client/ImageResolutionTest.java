package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.forno.registry.credentials.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a platform's manifest is found, in an index and in indexes of indexes. */
class ImageResolutionTest {
    private static final Platform AMD = Platform.of("linux", "amd64", null);
    private static final Platform ARM = Platform.of("linux", "arm64", null);
    private static final Platform OTHER = Platform.of("linux", "s390x", null);

    private ScriptedRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
        client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)));
    }

    @AfterEach
    void close() {
        client.close();
        registry.close();
    }

    private ImageResolution resolve(Platform wanted) {
        Reference reference = Reference.parse(registry.host() + "/team/app:top");
        return ImageResolution.of(client.open(reference, Credentials.ANONYMOUS, Access.PULL), reference, wanted);
    }

    private String failure(ErrorKind kind, Platform wanted) {
        FornoException e = assertThrows(FornoException.class, () -> resolve(wanted));
        assertEquals(kind, e.kind(), e.getMessage());
        return String.valueOf(e.getMessage());
    }

    private Descriptor put(String type, byte[] bytes, @Nullable Platform platform) {
        registry.putManifest("team/app", "top", type, bytes);
        return new Descriptor(type, Digest.of(bytes).toString(), bytes.length, null, null, platform, null, null);
    }

    /** A manifest that no other one equals. */
    private Descriptor manifest(String text, @Nullable Platform platform) {
        byte[] config = text.getBytes(StandardCharsets.UTF_8);
        Descriptor blob = Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(config), config.length);
        return put(MediaTypes.OCI_MANIFEST, Documents.write(Manifest.class, Manifest.of(blob, List.of())), platform);
    }

    /** An index; the last one that is made is what the reference names. */
    private Descriptor index(Descriptor... entries) {
        return put(MediaTypes.OCI_INDEX, Documents.write(Index.class, Index.of(List.of(entries))), null);
    }

    private static Descriptor on(Descriptor entry, @Nullable Platform platform) {
        return new Descriptor(entry.mediaType(), entry.digest(), entry.size(), null, null, platform, null, null);
    }

    private static List<String> digests(ImageResolution resolved) {
        List<String> digests = new ArrayList<>();
        resolved.indexes().forEach(index -> digests.add(index.descriptor().digest()));
        digests.add(resolved.image().descriptor().digest());
        return digests;
    }

    @Test
    void choosesThePlatform() {
        Descriptor amd = manifest("1", AMD);
        Descriptor arm = manifest("2", Platform.of("linux", "arm64", "v8"));
        Descriptor top = index(amd, arm);
        ImageResolution resolved = resolve(ARM);
        assertEquals(List.of(top.digest(), arm.digest()), digests(resolved));
        assertEquals(top.digest(), resolved.target().descriptor().digest());
        assertEquals(
                "no matching manifest for linux/s390x in the manifest list entries",
                failure(ErrorKind.NOT_FOUND, OTHER));
    }

    /** A processor may lack what a higher variant asks for. */
    @Test
    void choosesNoHigherVariantThanWanted() {
        Descriptor plain = manifest("1", AMD);
        Descriptor second = manifest("2", Platform.of("linux", "amd64", "v2"));
        Descriptor fourth = manifest("4", Platform.of("linux", "amd64", "v4"));
        Descriptor top = index(fourth, plain, second);
        assertEquals(List.of(top.digest(), plain.digest()), digests(resolve(AMD)));
        assertEquals(List.of(top.digest(), second.digest()), digests(resolve(Platform.of("linux", "amd64", "v3"))));
        assertEquals(List.of(top.digest(), fourth.digest()), digests(resolve(Platform.of("linux", "amd64", "v4"))));
        index(fourth, second);
        failure(ErrorKind.NOT_FOUND, AMD);
    }

    @Test
    void resolvesAManifestToItself() {
        Descriptor manifest = manifest("1", null);
        ImageResolution resolved = resolve(OTHER);
        assertEquals(List.of(manifest.digest()), digests(resolved));
        assertArrayEquals(resolved.image().bytes(), resolved.target().bytes());
    }

    @Test
    void looksIntoInnerIndexesInOrder() {
        Descriptor amd = manifest("1", AMD);
        Descriptor arm = manifest("2", ARM);
        Descriptor second = manifest("3", ARM);
        Descriptor first = index(amd);
        Descriptor inner = index(arm);
        Descriptor last = index(second);
        Descriptor top = index(first, inner, last);
        assertEquals(List.of(top.digest(), first.digest(), amd.digest()), digests(resolve(AMD)));
        assertEquals(List.of(top.digest(), inner.digest(), arm.digest()), digests(resolve(ARM)));
        failure(ErrorKind.NOT_FOUND, OTHER);
        // What says that it fits goes before; where it doesn't, the rest is looked into.
        top = index(inner, on(last, ARM), on(first, OTHER));
        assertEquals(List.of(top.digest(), last.digest(), second.digest()), digests(resolve(ARM)));
        top = index(on(first, ARM), inner);
        assertEquals(List.of(top.digest(), inner.digest(), arm.digest()), digests(resolve(ARM)));
        failure(ErrorKind.NOT_FOUND, AMD);
    }

    @Test
    void looksIntoEachIndexOnce() {
        Descriptor inner = index(manifest("1", AMD));
        index(index(inner), inner, index(index(inner)));
        registry.log.clear();
        failure(ErrorKind.NOT_FOUND, OTHER);
        assertEquals(
                1,
                registry.log.stream()
                        .filter(line -> line.contains(inner.digest()))
                        .count());
    }

    @Test
    void boundsHowDeepAndHowManyIndexesAre() {
        Descriptor current = manifest("1", AMD);
        for (int i = 0; i < ImageResolution.MAX_NESTING; i++) {
            current = index(current);
        }
        assertEquals(ImageResolution.MAX_NESTING, resolve(AMD).indexes().size());
        index(current);
        String message = failure(ErrorKind.INVALID_ARGUMENT, AMD);
        assertTrue(message.endsWith(":top: its indexes are nested deeper than 4 levels"), message);
        List<Descriptor> many = new ArrayList<>();
        for (int i = 1; i < ImageResolution.MAX_INDEXES; i++) {
            many.add(index(manifest("no " + i, ARM)));
        }
        index(many.toArray(Descriptor[]::new));
        failure(ErrorKind.NOT_FOUND, AMD);
        many.add(index(manifest("one more", AMD)));
        index(many.toArray(Descriptor[]::new));
        message = failure(ErrorKind.INVALID_ARGUMENT, AMD);
        assertTrue(message.endsWith(": its indexes are more than 64"), message);
    }

    @Test
    void boundsTheBytesOfIndexes() {
        List<Descriptor> large = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Descriptor entry = manifest("in " + i, ARM);
            Map<String, String> annotations = new TreeMap<>();
            for (int part = 0; part < 400; part++) {
                annotations.put("part " + part, "x".repeat(10_400));
            }
            large.add(index(new Descriptor(
                    entry.mediaType(), entry.digest(), entry.size(), null, annotations, ARM, null, null)));
        }
        index(large.subList(0, 4).toArray(Descriptor[]::new));
        failure(ErrorKind.NOT_FOUND, AMD);
        index(large.toArray(Descriptor[]::new));
        String message = failure(ErrorKind.INVALID_ARGUMENT, AMD);
        assertTrue(message.contains("larger than"), message);
    }

    @Test
    void refusesEntriesOfAnotherSize() {
        Descriptor manifest = manifest("1", AMD);
        Descriptor inner = index(manifest);
        index(Descriptor.of(inner.mediaType(), inner.contentDigest(), inner.size() + 1));
        assertTrue(failure(ErrorKind.DATA_LOSS, AMD).contains(inner.digest()));
        index(new Descriptor(manifest.mediaType(), manifest.digest(), 5, null, null, AMD, null, null));
        String message = failure(ErrorKind.DATA_LOSS, AMD);
        assertTrue(
                message.endsWith(": " + manifest.digest() + " has " + manifest.size() + " bytes, what lists it says 5"),
                message);
    }
}
