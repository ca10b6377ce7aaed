package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.Trial;
import dev.forno.oci.Digest;
import java.io.ByteArrayInputStream;
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
                "INVALID_ARGUMENT load images: the archive gives too many names: each is kept with the layers of its"
                        + " image, these are 1020000 together, and at most 1000000 are taken from one archive",
                ImageFixture.failure(() -> load(10_200, 100)));
        assertTrue(fixture.services.images().list(ImageFilter.ALL).isEmpty());
    }
}
