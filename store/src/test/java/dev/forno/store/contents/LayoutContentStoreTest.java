package dev.forno.store.contents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutContentStoreTest {
    private static final byte[] TEXT = "some content".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(TEXT);

    @TempDir
    Path directory;

    private final List<Digest> published = new ArrayList<>();
    private ContentStore store;

    @BeforeEach
    void open() {
        store = open(InstantSource.system());
    }

    private ContentStore open(InstantSource clock) {
        return LayoutContentStore.open(
                directory.resolve("content"), directory.resolve("ingests"), published::add, clock);
    }

    @Test
    void aBlobIsVisibleAfterCommitOnly() throws Exception {
        try (Ingest ingest = store.ingest("key")) {
            ingest.write(TEXT, 0, TEXT.length);
            assertEquals(Optional.empty(), store.stat(DIGEST));
            assertEquals(TEXT.length, ingest.commit(DIGEST, TEXT.length).size());
        }
        assertEquals(List.of(DIGEST), published);
        assertEquals(TEXT.length, store.stat(DIGEST).orElseThrow().size());
        assertArrayEquals(TEXT, store.readAll(DIGEST, 100));
        try (var in = store.read(DIGEST)) {
            assertArrayEquals(TEXT, in.readAllBytes());
        }
        try (var channel = store.open(DIGEST)) {
            assertEquals(TEXT.length, channel.position(5).size());
        }
        assertEquals(
                List.of(DIGEST), store.list().stream().map(BlobStat::digest).toList());
        assertTrue(store.delete(DIGEST));
        assertFalse(store.delete(DIGEST));
        assertKind(ErrorKind.NOT_FOUND, () -> store.open(DIGEST).close());
    }

    @Test
    void theDirectoryIsAnOciLayout() throws Exception {
        store.put(TEXT);
        Path layout = directory.resolve("content");
        assertEquals("{\"imageLayoutVersion\":\"1.0.0\"}", Files.readString(layout.resolve("oci-layout")));
        assertEquals(
                List.of(),
                Documents.index(Files.readAllBytes(layout.resolve("index.json")))
                        .manifests());
        assertArrayEquals(
                TEXT, Files.readAllBytes(layout.resolve("blobs/sha256").resolve(DIGEST.hex())));
    }

    @Test
    void anIngestResumesAlsoAfterARestart() {
        try (Ingest ingest = store.ingest("key")) {
            ingest.write(TEXT, 0, 5);
            assertKind(ErrorKind.UNAVAILABLE, () -> store.ingest("key").close());
        }
        store = open(InstantSource.system());
        try (Ingest ingest = store.ingest("key")) {
            assertEquals(5, ingest.offset());
            ingest.write(TEXT, 5, TEXT.length - 5);
            assertEquals(DIGEST, ingest.commit().digest());
        }
    }

    @Test
    void whatAnIngestLeftCanBeDiscarded() throws Exception {
        store.discard("key"); // there is nothing
        try (Ingest ingest = store.ingest("key")) {
            ingest.write(TEXT, 0, 5);
            assertKind(ErrorKind.UNAVAILABLE, () -> store.discard("key"));
        }
        store.discard("key");
        try (var left = Files.list(directory.resolve("ingests"))) {
            assertEquals(0, left.count());
        }
        store.ingest("key").close(); // nobody holds the key
    }

    @Test
    void staleIngestsAreRemovedAtOpen() throws Exception {
        try (Ingest ingest = store.ingest("old")) {
            ingest.write(TEXT, 0, 5);
        }
        Files.write(directory.resolve("ingests/once-1"), TEXT);
        store.ingest("empty"); // and no more, as in a crash
        store = open(InstantSource.system());
        try (var left = Files.list(directory.resolve("ingests"))) {
            assertEquals(1, left.count());
        }
        store = open(InstantSource.fixed(Instant.now().plus(Duration.ofDays(2))));
        try (Ingest ingest = store.ingest("old")) {
            assertEquals(0, ingest.offset());
        }
        try (var left = Files.list(directory.resolve("ingests"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void whatDoesNotMatchIsDiscarded() {
        for (long size : new long[] {-1, TEXT.length, 99}) {
            try (Ingest ingest = store.ingest("key")) {
                assertEquals(0, ingest.offset());
                ingest.write(TEXT, 0, TEXT.length);
                Digest wrong = size == 99 ? DIGEST : Digest.of(new byte[0]);
                assertKind(ErrorKind.DATA_LOSS, () -> ingest.commit(wrong, size));
            }
        }
        assertEquals(List.of(), store.list());
        assertEquals(List.of(), published);
    }

    @Test
    void otherAlgorithmsAndTruncation() throws Exception {
        Digest sha512 =
                Digest.of(java.security.MessageDigest.getInstance("SHA-512").digest(TEXT), "sha512");
        try (Ingest ingest = store.ingest("key")) {
            ingest.write(new byte[100], 0, 100);
            ingest.truncate();
            ingest.stream().write(TEXT);
            ingest.commit(sha512, TEXT.length);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        assertArrayEquals(TEXT, store.readAll(sha512, 100));
    }

    @Test
    void damageAndSizeAreNoticed() throws Exception {
        store.put(TEXT);
        assertKind(ErrorKind.INVALID_ARGUMENT, () -> store.readAll(DIGEST, 5));
        Path blob = directory.resolve("content/blobs/sha256").resolve(DIGEST.hex());
        Files.delete(blob);
        Files.write(blob, "other bytes!".getBytes(UTF_8));
        assertKind(ErrorKind.DATA_LOSS, () -> store.readAll(DIGEST, 100));
    }

    @Test
    void aFileBecomesABlobWithoutACopy() throws Exception {
        Path file = Files.write(directory.resolve("layer.tar"), TEXT);
        assertTrue(store.link(file, DIGEST).linked());
        assertEquals(List.of(DIGEST), published);
        Path blob = directory.resolve("content/blobs/sha256").resolve(DIGEST.hex());
        assertTrue(Files.isSameFile(file, blob));
        assertTrue(store.link(file, DIGEST).linked(), "again");
        assertEquals(0, directory.resolve("ingests").toFile().list().length);
        Files.delete(file);
        assertFalse(store.stat(DIGEST).orElseThrow().linked());
        assertArrayEquals(TEXT, store.readAll(DIGEST, 100));
    }

    @Test
    void aLinkTakesThePlaceOfABlobsOwnCopy() throws Exception {
        store.put(TEXT);
        Path file = Files.write(directory.resolve("layer.tar"), TEXT);
        assertTrue(store.link(file, DIGEST).linked());
        assertTrue(
                Files.isSameFile(file, directory.resolve("content/blobs/sha256").resolve(DIGEST.hex())));
        assertEquals(0, directory.resolve("ingests").toFile().list().length);
    }

    @Test
    void aFullDiskIsSaidSoAndGivenBack() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Mounts.mount("tmpfs", small, "tmpfs", 0, "size=256k");
        try {
            ContentStore full =
                    LayoutContentStore.open(small.resolve("c"), small.resolve("i"), d -> {}, InstantSource.system());
            try (Ingest ingest = full.ingest("key")) {
                FornoException e = assertThrows(FornoException.class, () -> {
                    for (int i = 0; i < 100; i++) {
                        ingest.write(new byte[10_000], 0, 10_000);
                    }
                });
                assertEquals(ErrorKind.RESOURCE_EXHAUSTED, e.kind());
                assertTrue(e.getMessage().contains("no space left on device"), e.getMessage());
                assertTrue(ingest.offset() > 0, "it may go on once there is space");
            }
            assertEquals(0, small.resolve("i").toFile().list().length);
            try (Ingest ingest = full.ingest("key")) {
                assertEquals(0, ingest.offset());
            }
        } finally {
            Mounts.unmount(small);
        }
    }

    private static void assertKind(ErrorKind kind, org.junit.jupiter.api.function.Executable action) {
        assertEquals(kind, assertThrows(FornoException.class, action).kind());
    }
}
