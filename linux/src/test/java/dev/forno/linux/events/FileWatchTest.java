package dev.forno.linux.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FileWatchTest {
    @TempDir
    Path directory;

    @Test
    void tellsWritesMovesAndNewNames() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "");
        try (FileWatch watch = FileWatch.open()) {
            int number = watch.addDirectory(directory);
            assertEquals(number, watch.addDirectory(directory));
            assertEquals(Set.of(), watch.changed());
            Files.writeString(file, "x", StandardOpenOption.APPEND);
            assertEquals(Set.of(number), watch.await());
            Files.move(file, directory.resolve("log.1"));
            assertEquals(Set.of(number), watch.changed());
            Files.createFile(file);
            assertEquals(Set.of(number), watch.await());
            watch.remove(number);
        }
    }

    @Test
    void closingEndsTheWait() throws Exception {
        FileWatch watch = FileWatch.open();
        CompletableFuture<Set<Integer>> waiting = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(watch.await());
            } catch (IOException e) {
                waiting.completeExceptionally(e);
            }
        });
        watch.close();
        thread.join();
        assertThrows(Exception.class, waiting::get);
        assertThrows(ClosedChannelException.class, watch::await);
    }
}
