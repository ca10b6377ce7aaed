package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where tars are kept: what is loaded plain is stored once, and saved without being compressed. */
class PlainArchiveFilesTest extends ArchiveFilesTest {
    @Override
    boolean keepsTars() {
        return true;
    }

    @Test
    void aLoadedLayerIsTheBlobToo() {
        Image image =
                load(save(from.image(List.of("a"), null, "one").id().hex())).getFirst();
        for (Digest diffId : image.layers()) {
            assertTrue(to.store.content().stat(diffId).orElseThrow().linked());
        }
    }

    @Test
    void aLayerThatIsHereIsNotReadAgain() {
        byte[] archive = save(from.image(List.of("a", "b"), null, "one").id().hex());
        Image image = load(archive).getFirst();
        Instant stored =
                to.store.content().stat(image.layers().getFirst()).orElseThrow().stored();
        assertEquals(List.of(image), load(archive));
        assertEquals(
                stored,
                to.store.content().stat(image.layers().getFirst()).orElseThrow().stored());
    }
}
