package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.client.ManifestDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttestationsTest {
    private static final Descriptor IMAGE = descriptor(MediaTypes.OCI_MANIFEST, "image");

    private static Descriptor descriptor(String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Descriptor.of(type, Digest.of(bytes), bytes.length);
    }

    /** An entry about the image, that says to be of so many bytes. */
    private static Descriptor entry(String text, long size) {
        Map<String, String> annotations = Map.of(
                "vnd.docker.reference.type", "attestation-manifest",
                "vnd.docker.reference.digest", IMAGE.digest(),
                "long", "x".repeat(1000));
        String digest = descriptor(MediaTypes.OCI_MANIFEST, text).digest();
        return new Descriptor(MediaTypes.OCI_MANIFEST, digest, size, null, annotations, null, null, null);
    }

    private static List<ManifestDocument.OfIndex> index(List<Descriptor> entries) {
        byte[] bytes = Documents.write(Index.class, Index.of(entries));
        Descriptor descriptor = Descriptor.of(MediaTypes.OCI_INDEX, Digest.of(bytes), bytes.length);
        return List.of(new ManifestDocument.OfIndex(descriptor, bytes, Index.of(entries)));
    }

    private static List<Descriptor> layers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> descriptor(MediaTypes.OCI_LAYER, "layer " + i))
                .toList();
    }

    @Test
    void takesEachOnceAndNoneThatIsLarge() {
        List<Descriptor> entries = new ArrayList<>(Collections.nCopies(40, entry("a", 500)));
        entries.add(entry("large", 4 << 20));
        entries.add(entry("b", 600));
        List<Descriptor> found = Attestations.of(index(entries), IMAGE);
        assertEquals(
                List.of(entry("a", 500).digest(), entry("b", 600).digest()),
                found.stream().map(Descriptor::digest).toList());
        assertNull(found.getFirst().annotations(), "they would be kept several times");
        List<Descriptor> many =
                IntStream.range(0, 100).mapToObj(i -> entry("no " + i, 500)).toList();
        assertEquals(32, Attestations.of(index(many), IMAGE).size());
    }

    @Test
    void leavesOutWhatHasTooManyBlobs() {
        Descriptor config = descriptor(MediaTypes.OCI_CONFIG, "config");
        List<Descriptor> layers = new ArrayList<>(layers(10));
        layers.addAll(layers(10));
        layers.add(config);
        AttachedRecord record =
                Attestations.record(IMAGE, Manifest.of(config, layers)).orElseThrow();
        assertEquals(11, record.blobs().size(), "each once");
        assertTrue(Attestations.record(IMAGE, Manifest.of(config, layers(64))).isPresent());
        assertTrue(
                Attestations.record(IMAGE, Manifest.of(config, layers(38_000))).isEmpty());
    }
}
