package dev.forno.registry.repositories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.Store;
import dev.forno.store.contents.Ingest;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that end between a request's finding one and its work on it. */
class UploadsTest {
    private static final byte[] BYTES = {1, 2, 3};

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Store store;
    private Repositories repositories;
    private Uploads uploads;

    @BeforeEach
    void open() {
        InstantSource clock = () -> now;
        store = Store.open(directory, clock, SnapshotterChoice.UNPACK);
        Storage storage = new Storage(store.content(), store.database(), store.leases());
        repositories = new Repositories(storage, Retention.DEFAULT, clock);
        uploads = repositories.uploads();
    }

    @AfterEach
    void close() {
        repositories.close();
        store.close();
    }

    private static long append(Upload upload) throws IOException, InterruptedException {
        return upload.alone(() -> upload.append(new ByteArrayInputStream(BYTES), -1));
    }

    /** Neither does anything any more, nor holds the key's ingest. */
    private void assertEnded(Upload upload) {
        FornoException refused = assertThrows(FornoException.class, () -> append(upload));
        assertEquals(ErrorKind.NOT_FOUND, refused.kind());
        assertEquals(Optional.empty(), uploads.find("a/b", upload.id()));
        try (Ingest free = store.content().ingest("registry-upload-" + upload.id())) {
            assertEquals(0, free.offset());
        }
    }

    @Test
    void whatIsCommittedIsOver() throws Exception {
        Upload upload = uploads.begin("a/b");
        append(upload);
        Upload found = uploads.find("a/b", upload.id()).orElseThrow();
        upload.alone(() -> uploads.commit(upload, Digest.of(BYTES)));
        assertEnded(found);
    }

    @Test
    void whatHasAnotherDigestIsOver() throws Exception {
        Upload upload = uploads.begin("a/b");
        append(upload);
        Digest other = Digest.of(new byte[1]);
        assertThrows(FornoException.class, () -> upload.alone(() -> uploads.commit(upload, other)));
        assertEnded(upload);
    }

    @Test
    void whatIsCancelledOrTooOldIsOver() throws Exception {
        Upload cancelled = uploads.begin("a/b");
        Upload old = uploads.begin("a/b");
        append(cancelled);
        append(old);
        uploads.cancel(cancelled);
        now = now.plus(Duration.ofDays(2));
        assertEquals(1, uploads.expire());
        assertEnded(cancelled);
        assertEnded(old);
    }

    @Test
    void aRestingUploadCanBeCancelled() throws Exception {
        Upload upload = uploads.begin("a/b");
        append(upload);
        uploads.rest();
        uploads.cancel(upload);
        assertEnded(upload);
    }

    @Test
    void aRestingUploadIsStillTheSame() throws Exception {
        Upload found = uploads.begin("a/b");
        append(found);
        uploads.rest();
        Upload again = uploads.find("a/b", found.id()).orElseThrow();
        assertSame(found, again);
        append(found);
        assertEquals(6, again.alone(again::offset));
    }

    /** The descriptors of this process that are open in the store's directory of ingests. */
    private long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(directory.resolve("ingests"));
                        } catch (IOException e) {
                            return false; // closed meanwhile
                        }
                    })
                    .count();
        }
    }

    @Test
    void manyThatWereLeftAloneHoldFewFiles() throws Exception {
        List<Upload> left = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            left.add(uploads.begin("a/b"));
            append(left.getLast());
        }
        long held = descriptors();
        assertTrue(held > 0 && held <= 2 * Uploads.MOST_IDLE, () -> held + " descriptors");
        // those that were closed go on as if nothing had been
        for (Upload upload : left) {
            assertEquals(3, upload.alone(upload::offset));
            append(upload);
        }
        byte[] twice = {1, 2, 3, 1, 2, 3};
        for (Upload upload : left) {
            upload.alone(() -> uploads.commit(upload, Digest.of(twice)));
        }
        assertEquals(0, descriptors());
    }

    @Test
    void whatCannotBeClosedIsNoFailureOfOthers() throws Exception {
        Upload broken = uploads.begin("a/b");
        assertEquals(0, broken.alone(broken::offset));
        Path file;
        try (Stream<Path> ingests = Files.list(directory.resolve("ingests"))) {
            file = ingests.findFirst().orElseThrow();
        }
        // an empty ingest is removed when it is closed, which such a folder refuses
        Files.delete(file);
        Files.createFile(Files.createDirectory(file).resolve("x"));
        List<Upload> others = new ArrayList<>();
        for (int i = 0; i < Uploads.MOST_IDLE + 2; i++) {
            others.add(uploads.begin("a/b"));
            assertEquals(3, append(others.getLast()));
        }
        // nor does any of them keep its lock
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Upload other : others) {
                assertEquals(6, threads.submit(() -> append(other) + 3).get());
            }
        }
    }

    @Test
    void onlyWhatWasFoundCountsAsUsed() {
        RecentUse recent = new RecentUse(Duration.ofHours(1), () -> now);
        Digest digest = Digest.of(BYTES);
        recent.using("a/b", digest, Optional::empty);
        assertFalse(recent.removing(() -> recent.keeps("a/b", digest.toString(), 0)));
        recent.using("a/b", digest, () -> Optional.of(1));
        assertTrue(recent.removing(() -> recent.keeps("a/b", digest.toString(), 0)));
    }

    @Test
    void usesDuringATidyAreNotForgotten() {
        RecentUse recent = new RecentUse(Duration.ZERO, () -> now);
        Digest digest = Digest.of(BYTES);
        Instant begun = now;
        recent.using("a/b", digest, () -> Optional.of(1));
        now = now.plusSeconds(1);
        recent.forgetOld(begun);
        assertEquals(Optional.of(begun), recent.last("a/b", digest.toString()));
        recent.forgetOld(now);
        assertEquals(Optional.empty(), recent.last("a/b", digest.toString()));
    }
}
