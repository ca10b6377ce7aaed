package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.registry.client.Access;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.client.Repository;
import dev.forno.registry.credentials.Credentials;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where tars are kept, images made here have plain layers, and a push compresses them. */
class PlainLayersTransfersTest extends RegistryTransfersTest {
    @Override
    boolean keepsTars() {
        return true;
    }

    private Manifest manifest(String name) {
        Descriptor manifest = java.util.Objects.requireNonNull(
                fixture.services.images().inspect(name).manifest());
        return Documents.manifest(fixture.store.content().readAll(manifest.contentDigest(), 1 << 20));
    }

    private static List<String> types(Manifest manifest) {
        return manifest.layers().stream().map(Descriptor::mediaType).toList();
    }

    @Test
    @Override
    void bringsAnImageBackDigestForDigest() {
        String name = reference("team/app").toString();
        Image image = fixture.image(List.of("a", "b", "c"), null, name);
        assertEquals(List.of(MediaTypes.OCI_LAYER, MediaTypes.OCI_LAYER, MediaTypes.OCI_LAYER), types(manifest(name)));
        assertEquals(
                image.layers(),
                manifest(name).layers().stream().map(Descriptor::contentDigest).toList());
        push("team/app:latest");
        assertTrue(told("Compressing"));
        Manifest pushed = manifest(name);
        assertEquals(
                List.of(MediaTypes.OCI_LAYER_GZIP, MediaTypes.OCI_LAYER_GZIP, MediaTypes.OCI_LAYER_GZIP),
                types(pushed));
        String digest = fixture.services.images().inspect(name).repoDigests().getFirst();
        fixture.remove(name, false);
        assertEquals(java.util.Set.of(), blobs());
        assertEquals(image, pull("team/app"));
        assertEquals(pushed, manifest(name));
        assertEquals(List.of(digest), fixture.services.images().inspect(name).repoDigests());
    }

    @Test
    void compressesALayerOnce() {
        String one = reference("one").toString();
        fixture.image(List.of("a", "b"), null, one);
        fixture.image(List.of("a", "b", "c"), null, reference("more").toString());
        push("one:latest");
        var made = fixture.store.content().list();
        fixture.progress.clear();
        push("one:latest");
        assertFalse(told("Compressing"), "the name's packing is the compressed one");
        assertEquals(made, fixture.store.content().list());
        push("more:latest");
        var after = fixture.store.content().list();
        assertTrue(after.containsAll(made));
        assertEquals(made.size() + 2, after.size(), "one more layer and one more manifest");
        assertEquals(
                manifest(one).layers(),
                manifest(reference("more").toString()).layers().subList(0, 2));
    }

    @Test
    void whatCameFromARegistryIsSentAsItCame() {
        byte[] tar = ImageFixture.tar("file", "plain");
        Manifest foreign = pushPlain("foreign", tar);
        Image image = pull("foreign");
        assertEquals(List.of(Digest.of(tar)), image.layers());
        assertTrue(fixture.store.content().stat(Digest.of(tar)).orElseThrow().linked(), "stored once");
        fixture.services.images().tag(reference("foreign").toString(), reference("copy"));
        push("copy:latest");
        assertFalse(told("Compressing"));
        assertEquals(foreign, manifest(reference("copy").toString()));
    }

    /** An image with a plain layer, as another tool makes it. */
    private Manifest pushPlain(String name, byte[] tar) {
        byte[] config =
                """
                {"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}
                """.formatted(Platform.host().architecture(), Digest.of(tar)).getBytes(UTF_8);
        Manifest manifest = Manifest.of(
                Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(config), config.length),
                List.of(Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(tar), tar.length)));
        byte[] bytes = Documents.write(Manifest.class, manifest);
        try (RegistryClient client = new RegistryClient(RegistryOptions.DEFAULT)) {
            Repository repository = client.open(reference(name), new Credentials("", "", "", ""), Access.PUSH);
            repository.push(manifest.config(), () -> new ByteArrayInputStream(config), null, n -> {});
            repository.push(manifest.layers().getFirst(), () -> new ByteArrayInputStream(tar), null, n -> {});
            repository.push(Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(bytes), bytes.length), bytes, "latest");
        }
        return Documents.manifest(bytes);
    }
}
