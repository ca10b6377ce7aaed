package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a manifest says of its content is held against it, also where the content is here already. */
class PulledClaimsTest {
    private final HostileImage image =
            HostileImage.of(List.of(ImageFixture.tar("a", "one"), ImageFixture.tar("b", "two")));

    @TempDir
    Path directory;

    private ImageFixture fixture;
    private HostileRegistry registry;

    @BeforeEach
    void open() throws IOException {
        fixture = new ImageFixture(directory.resolve("store"));
        registry = new HostileRegistry();
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
        registry.close();
    }

    private Image pull(@Nullable Platform platform) {
        return fixture.services
                .transfers()
                .pull(
                        new PullRequest(Reference.parse(registry.image()), false, platform, RegistryAuth.NONE),
                        fixture.progress::add);
    }

    private void refused(ErrorKind kind, String message, @Nullable Platform platform) {
        FornoException e = assertThrows(FornoException.class, () -> pull(platform));
        assertEquals(message, e.getMessage());
        assertEquals(kind, e.kind());
    }

    /** Serves the image under a manifest of which a part is another. */
    private void serve(HostileImage served, String part, String other) {
        registry.serve(served);
        byte[] manifest =
                new String(served.manifest(), UTF_8).replace(part, other).getBytes(UTF_8);
        registry.serve(manifest, MediaTypes.OCI_MANIFEST);
        registry.blob(Digest.of(served.config()), served.config());
        served.blobs().forEach(blob -> registry.blob(Digest.of(blob), blob));
    }

    private static String size(byte[] blob) {
        return Digest.of(blob) + "\",\"size\":" + blob.length;
    }

    private static String sizeOf(byte[] blob, int size) {
        return Digest.of(blob) + "\",\"size\":" + size;
    }

    private static String wrongSize(byte[] blob, int size) {
        return "pull image: " + Digest.of(blob) + " has " + blob.length + " bytes, what lists it says " + size;
    }

    @Test
    void comparesTheSizesOfWhatIsHere() {
        registry.serve(image);
        Image pulled = pull(null);
        byte[] layer = image.blobs().getFirst();
        for (int size : new int[] {0, 10, layer.length + 1}) {
            serve(image, size(layer), sizeOf(layer, size));
            refused(ErrorKind.DATA_LOSS, wrongSize(layer, size), null);
        }
        serve(image, size(image.config()), sizeOf(image.config(), 10));
        refused(ErrorKind.DATA_LOSS, wrongSize(image.config(), 10), null);
        registry.serve(image);
        assertEquals(pulled, pull(null));
    }

    @Test
    void comparesTheSizesOfWhatIsListedTwice() {
        byte[] tar = ImageFixture.tar("a", "one");
        HostileImage twice = HostileImage.of(List.of(tar, tar));
        byte[] layer = twice.blobs().getFirst();
        String descriptor = HostileImage.descriptor(MediaTypes.OCI_LAYER_GZIP, layer);
        serve(twice, descriptor + "]", descriptor.replace(size(layer), sizeOf(layer, 7)) + "]");
        refused(
                ErrorKind.DATA_LOSS,
                "pull image: the manifest says of " + Digest.of(layer) + " that it has " + layer.length
                        + " bytes, and that it has 7",
                null);
        registry.serve(twice);
        pull(null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-foo",
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
                "application/vnd.oci.image.layer.v1.tar+xz"
            })
    void refusesLayersOfUnknownTypes(String type) {
        byte[] layer = image.blobs().getLast();
        serve(image, HostileImage.descriptor(MediaTypes.OCI_LAYER_GZIP, layer), HostileImage.descriptor(type, layer));
        refused(ErrorKind.INVALID_ARGUMENT, "unsupported media type " + type, null);
        assertEquals(List.of(), fixture.store.content().list());
    }

    /** It would be refused again: nothing of it is kept for another attempt. */
    @Test
    void keepsNothingOfWhatNoContainerCanBeMadeOf() {
        Runnable refusal = () -> {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "index image: max depth exceeded");
        };
        Store store = InterruptedStore.of(new PlainStore(directory.resolve("shallow")), () -> {}, refusal);
        fixture.close();
        fixture = new ImageFixture(store);
        registry.serve(image);
        refused(ErrorKind.INVALID_ARGUMENT, "index image: max depth exceeded", null);
        fixture.roots.collect(store);
        assertEquals(List.of(), store.content().list());
        assertEquals(List.of(), store.snapshotter().layers());
    }

    @Test
    void refusesImagesForOtherSystems() {
        HostileImage windows = new HostileImage(
                new String(image.config(), UTF_8)
                        .replace("\"linux\"", "\"windows\"")
                        .getBytes(UTF_8),
                image.blobs());
        registry.serve(windows);
        String message = "image operating system \"windows\" cannot be used on this platform";
        refused(ErrorKind.INVALID_ARGUMENT, message, null);
        refused(ErrorKind.INVALID_ARGUMENT, message, Platform.of("linux", "amd64", null));
        // Whoever asks for it may pass it on.
        assertEquals(
                "windows",
                pull(Platform.of("windows", Platform.host().architecture(), null))
                        .config()
                        .os());
    }
}
