package dev.forno.store.contents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedIngestTest {
    private static final byte[] TEXT = "some content".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(TEXT);

    @TempDir
    Path directory;

    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private ContentStore store;

    @BeforeEach
    void open() {
        store = LayoutContentStore.open(
                directory.resolve("content"), directory.resolve("ingests"), digest -> {}, InstantSource.system());
    }

    @AfterEach
    void close() {
        readers.close();
    }

    private Future<byte[]> read(Ingest ingest) {
        InputStream in = ingest.follow();
        return readers.submit(() -> {
            try (in) {
                return in.readAllBytes();
            }
        });
    }

    @Test
    void aFollowerSeesAllThatIsWrittenInPiecesOfAnySize() throws Exception {
        byte[] bytes = new byte[300_000];
        Random random = new Random(7);
        random.nextBytes(bytes);
        try (Ingest ingest = store.ingest()) {
            Future<byte[]> early = read(ingest);
            for (int at = 0; at < bytes.length; ) {
                int n = Math.min(bytes.length - at, 1 + random.nextInt(9000));
                ingest.write(bytes, at, n);
                at += n;
            }
            Future<byte[]> late = read(ingest);
            ingest.commit(Digest.of(bytes), bytes.length);
            assertArrayEquals(bytes, early.get());
            assertArrayEquals(bytes, late.get());
        }
    }

    @Test
    void aFollowerOfAResumedIngestBeginsAtTheFirstByte() throws Exception {
        try (Ingest ingest = store.ingest("key")) {
            ingest.write(TEXT, 0, 5);
        }
        try (Ingest ingest = store.ingest("key")) {
            Future<byte[]> reader = read(ingest);
            ingest.write(TEXT, 5, TEXT.length - 5);
            ingest.commit();
            assertArrayEquals(TEXT, reader.get());
        }
    }

    @Test
    void verifiedContentEndsButIsNotVisibleYet() throws Exception {
        try (Ingest ingest = store.ingest("key")) {
            Future<byte[]> reader = read(ingest);
            ingest.write(TEXT, 0, TEXT.length);
            ingest.verify(DIGEST, TEXT.length);
            assertArrayEquals(TEXT, reader.get());
            assertEquals(Optional.empty(), store.stat(DIGEST));
            assertThrows(IllegalStateException.class, () -> ingest.write(TEXT, 0, 1));
            assertEquals(DIGEST, ingest.commit(DIGEST, TEXT.length).digest());
        }
        assertEquals(TEXT.length, store.stat(DIGEST).orElseThrow().size());
    }

    @Test
    void aFollowerFailsWhenTheWritingEndsOtherwise() {
        assertBreaks(Ingest::close);
        assertBreaks(Ingest::abort);
        assertBreaks(Ingest::truncate);
        assertBreaks(ingest -> assertThrows(FornoException.class, () -> ingest.verify(DIGEST, TEXT.length)));
    }

    private void assertBreaks(java.util.function.Consumer<Ingest> end) {
        try (Ingest ingest = store.ingest()) {
            CompletableFuture<Integer> first = new CompletableFuture<>();
            InputStream in = ingest.follow();
            Future<byte[]> reader = readers.submit(() -> {
                try (in) {
                    first.complete(in.read());
                    return in.readAllBytes();
                }
            });
            ingest.write(TEXT, 0, 3);
            assertEquals('s', first.join());
            end.accept(ingest);
            ExecutionException e = assertThrows(ExecutionException.class, reader::get);
            assertInstanceOf(IOException.class, e.getCause());
        }
    }

    @Test
    void aWaitingFollowerCanBeInterrupted() throws Exception {
        try (Ingest ingest = store.ingest();
                InputStream in = ingest.follow()) {
            Future<Integer> reader = readers.submit(() -> in.read());
            reader.cancel(true);
            readers.close(); // waits for the reader, which would wait for ever
        }
    }
}
