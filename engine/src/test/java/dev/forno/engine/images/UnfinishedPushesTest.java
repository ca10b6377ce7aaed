package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.registry.client.UploadMemory.Note;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedPushesTest {
    private static final String REGISTRY = "https://r.example";
    private static final Digest BLOB = Digest.of(new byte[] {1});
    private static final URI ADDRESS = URI.create("https://r.example/v2/app/blobs/uploads/1?_state=signed");

    @TempDir
    Path directory;

    private PlainStore store;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @BeforeEach
    void open() {
        store = new PlainStore(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private UnfinishedPushes pushes() {
        return new UnfinishedPushes(store, () -> now);
    }

    private static Optional<URI> known(UnfinishedPushes pushes, String repository, Digest blob) {
        try (Note note = pushes.open(REGISTRY, repository, blob)) {
            return note.address();
        }
    }

    private static void keep(UnfinishedPushes pushes, Digest blob, URI address) {
        try (Note note = pushes.open(REGISTRY, "app", blob)) {
            note.keep(address);
        }
    }

    private int size() {
        return store.database().table("unfinished-pushes").list().size();
    }

    @Test
    void remembersAcrossRestartsForADay() {
        keep(pushes(), BLOB, ADDRESS);
        now = now.plus(Duration.ofHours(23));
        UnfinishedPushes later = pushes();
        assertEquals(Optional.of(ADDRESS), known(later, "app", BLOB));
        assertEquals(Optional.empty(), known(later, "other", BLOB));
        assertEquals(Optional.empty(), known(later, "app", Digest.of(new byte[] {2})));
        now = now.plus(Duration.ofHours(2));
        assertEquals(Optional.empty(), known(later, "app", BLOB));
        assertEquals(1, size());
        pushes();
        assertEquals(0, size());
    }

    @Test
    void forgetsWhatIsDone() {
        UnfinishedPushes pushes = pushes();
        keep(pushes, BLOB, ADDRESS);
        try (Note note = pushes.open(REGISTRY, "app", BLOB)) {
            note.forget();
        }
        assertEquals(0, size());
    }

    @Test
    void letsOnePushAtATimeGoOn() {
        UnfinishedPushes pushes = pushes();
        keep(pushes, BLOB, ADDRESS);
        try (Note first = pushes.open(REGISTRY, "app", BLOB)) {
            assertEquals(Optional.of(ADDRESS), first.address());
            try (Note second = pushes.open(REGISTRY, "app", BLOB)) {
                assertEquals(Optional.empty(), second.address());
                second.keep(URI.create("https://r.example/other"));
                second.forget();
            }
            assertEquals(Optional.empty(), known(pushes, "app", BLOB), "still taken");
            assertEquals(Optional.of(ADDRESS), first.address());
        }
        assertEquals(Optional.of(ADDRESS), known(pushes, "app", BLOB));
    }

    @Test
    void keepsFewAndNoPasswords() {
        UnfinishedPushes pushes = pushes();
        for (int i = 0; i < 300; i++) {
            now = now.plusSeconds(1);
            keep(pushes, Digest.of(new byte[] {(byte) i, (byte) (i >> 8)}), ADDRESS);
        }
        assertEquals(256, size());
        assertEquals(Optional.empty(), known(pushes, "app", Digest.of(new byte[] {0, 0})), "the oldest goes first");
        assertEquals(Optional.of(ADDRESS), known(pushes, "app", Digest.of(new byte[] {43, 1})));
        keep(pushes, BLOB, URI.create("https://user:secret@r.example/upload"));
        keep(pushes, BLOB, URI.create("https://r.example/" + "x".repeat(9000)));
        assertEquals(Optional.empty(), known(pushes, "app", BLOB));
        assertTrue(new dev.forno.engine.images.records.PushRecord("now", ADDRESS.toString())
                .toString()
                .endsWith("[now]"));
    }
}
