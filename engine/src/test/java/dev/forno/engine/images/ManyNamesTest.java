package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.Trial;
import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An archive of one small image under very many names. What walks through all of them for each one takes many minutes. */
@Timeout(60)
class ManyNamesTest {
    private static final int NAMES = 20_000;

    @TempDir
    Path directory;

    private ImageFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ImageFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** An image of one layer, so many times over. */
    private Image load(int names, int layers) {
        byte[] layer = ImageFixture.tar("file", "text");
        String diffId = "\"" + Digest.of(layer) + "\"";
        String tags =
                IntStream.range(0, names).mapToObj(i -> "\"many:" + i + "\"").collect(Collectors.joining(","));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("layer.tar", layer);
        files.put("config.json", HostileImage.config(String.join(",", Collections.nCopies(layers, diffId))));
        files.put(
                "manifest.json",
                ("[{\"Config\":\"config.json\",\"RepoTags\":[" + tags + "],\"Layers\":["
                                + String.join(",", Collections.nCopies(layers, "\"layer.tar\"")) + "]}]")
                        .getBytes(UTF_8));
        return fixture.services
                .archives()
                .load(new ByteArrayInputStream(HostileImage.archive(files)), true, Progress.Listener.NONE)
                .getFirst();
    }

    @Test
    void areShownAndRemovedInOnePass() {
        Image image = load(NAMES, 1);
        ImageRemoval removal = fixture.services.removal();
        assertEquals(1, removal.usage().holdings().size());
        ImageFilter unused = new ImageFilter(List.of(), false, List.of(), List.of(), List.of(), List.of(), null, false);
        List<Removed> planned = removal.tryPrune(unused, new Trial()).removed();
        assertEquals(NAMES, fixture.tagsOf(image).size());
        assertEquals(planned, removal.prune(unused).removed());
        List<String> shown = ImageFixture.shown(planned);
        assertEquals(NAMES + 2, shown.size());
        assertEquals("Untagged: many:0", shown.getFirst());
        assertEquals(
                List.of("Deleted: " + image.id(), "Deleted: " + image.layers().getFirst()),
                shown.subList(NAMES, NAMES + 2));
        assertTrue(fixture.services.images().list(ImageFilter.ALL).isEmpty());
    }

    @Test
    void areRefusedWhenEachIsKeptWithManyLayers() {
        assertEquals(
                "INVALID_ARGUMENT load images: the archive gives too many names: each is kept with a list of what its"
                        + " image consists of, of these are 1030301 blobs together, and at most 1000000 are taken from one archive",
                ImageFixture.failure(() -> load(10_200, 100)));
        assertTrue(fixture.services.images().list(ImageFilter.ALL).isEmpty());
    }

    /** An OCI layout of an image with a layer described so, and of so many attestations of 64 blobs of the type, under many names. */
    private static byte[] layout(int names, int attestations, String type, String text) {
        byte[] layer = HostileImage.gzip(ImageFixture.tar("file", "text"));
        byte[] config = HostileImage.config("\"" + Digest.of(ImageFixture.tar("file", "text")) + "\"");
        Map<String, byte[]> files = new LinkedHashMap<>();
        blob(files, layer);
        blob(files, config);
        String urls = String.join(",", Collections.nCopies(40, "\"http://" + text + "\""));
        String described = HostileImage.descriptor(type, layer)
                .replace("}", ",\"annotations\":{\"a\":\"" + text + "\"},\"urls\":[" + urls + "]}");
        byte[] manifest = manifest(config, described, "");
        blob(files, manifest);
        String statements = IntStream.range(0, 64)
                .mapToObj(i -> ("{\"statement\":" + i + "}").getBytes(UTF_8))
                .peek(statement -> blob(files, statement))
                .map(statement -> HostileImage.descriptor(type, statement))
                .collect(Collectors.joining(","));
        StringBuilder entries = new StringBuilder(HostileImage.descriptor(MediaTypes.OCI_MANIFEST, manifest));
        String about = ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\","
                + "\"vnd.docker.reference.digest\":\"" + Digest.of(manifest) + "\"}}";
        for (int i = 0; i < attestations; i++) {
            byte[] attestation = manifest(config, statements, "number " + i);
            blob(files, attestation);
            entries.append(',')
                    .append(HostileImage.descriptor(MediaTypes.OCI_MANIFEST, attestation)
                            .replace("}", about));
        }
        byte[] index = ("{\"schemaVersion\":2,\"manifests\":[" + entries + "]}").getBytes(UTF_8);
        blob(files, index);
        String named = IntStream.range(0, names)
                .mapToObj(i -> HostileImage.descriptor(MediaTypes.OCI_INDEX, index)
                        .replace(
                                "}",
                                ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/many:" + i
                                        + "\"}}"))
                .collect(Collectors.joining(","));
        files.put("index.json", ("{\"schemaVersion\":2,\"manifests\":[" + named + "]}").getBytes(UTF_8));
        return HostileImage.archive(files);
    }

    private static byte[] manifest(byte[] config, String layers, String note) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
                        + HostileImage.descriptor(MediaTypes.OCI_CONFIG, config) + ",\"layers\":[" + layers
                        + "],\"annotations\":{\"note\":\"" + note + "\"}}")
                .getBytes(UTF_8);
    }

    private static void blob(Map<String, byte[]> files, byte[] bytes) {
        files.put("blobs/sha256/" + Digest.of(bytes).hex(), bytes);
    }

    private void load(byte[] archive) {
        fixture.services.archives().load(new ByteArrayInputStream(archive), true, Progress.Listener.NONE);
    }

    /** All names are read for every list: what a manifest says beside the layers' digests stays in the manifest. */
    @Test
    void areKeptWithoutWhatIsSaidOfTheirLayers() {
        load(layout(20, 1, MediaTypes.OCI_LAYER_GZIP, "x".repeat(25_000)));
        Map<String, byte[]> names =
                fixture.store.database().table("image-names").list();
        assertEquals(20, names.size());
        names.forEach((name, json) -> assertTrue(json.length < 20_000, name + " takes " + json.length + " bytes"));
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        try (ImageArchives.Saved saving = fixture.services.archives().save(List.of("many:0"), null)) {
            saving.writeTo(saved);
        }
        assertTrue(saved.size() > 1 << 20, "the manifest is kept as it came");
    }

    @Test
    void areRefusedWhenEachIsKeptWithManyAttestations() {
        load(layout(4, 32, MediaTypes.OCI_LAYER_GZIP, "x"));
        byte[] more = layout(500, 32, MediaTypes.OCI_LAYER_GZIP, "y");
        assertEquals(
                "INVALID_ARGUMENT load images: the archive gives too many names: each is kept with a list of what its"
                        + " image consists of, of these are 1059114 blobs together, and at most 1000000 are taken from"
                        + " one archive",
                ImageFixture.failure(() -> load(more)));
        assertEquals(1, fixture.services.images().list(ImageFilter.ALL).size());
    }

    @Test
    void areRefusedWhenEachIsKeptWithLongTypes() {
        String type = "application/" + "x".repeat(243);
        load(layout(4, 32, type, "x"));
        byte[] more = layout(200, 32, type, "y");
        assertTrue(ImageFixture.failure(() -> load(more))
                .contains(" of these are 1248612 blobs together, and at most 1000000 are taken"));
    }

    @Test
    void areRefusedForLayersOfATypeThatIsNone() {
        String type = "application/" + "x".repeat(300);
        assertTrue(ImageFixture.failure(() -> load(layout(1, 0, type, "x")))
                .startsWith("INVALID_ARGUMENT load images: the layer sha256:"));
    }
}
