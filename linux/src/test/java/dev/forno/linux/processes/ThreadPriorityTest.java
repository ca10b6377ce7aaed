package dev.forno.linux.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ThreadPriorityTest {
    /** The fields "rt_priority" and "policy" of a thread's stat, which follow the name in parentheses. */
    private static String schedulingOfThisThread() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return fields[37] + " " + fields[38];
    }

    @Test
    void raisesTheCallingThreadAlone() throws Exception {
        CompletableFuture<Boolean> raised = new CompletableFuture<>();
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> started = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        raised.complete(ThreadPriority.raise());
                        mine.complete(schedulingOfThisThread());
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        started.complete(schedulingOfThisThread());
                                    } catch (Exception e) {
                                        started.completeExceptionally(e);
                                    }
                                })
                                .join();
                    } catch (Exception e) {
                        mine.completeExceptionally(e);
                    }
                })
                .join();
        assertEquals(raised.get() ? "1 2" : "0 0", mine.get());
        assertEquals("0 0", started.get());
        assertEquals("0 0", schedulingOfThisThread());
    }
}
