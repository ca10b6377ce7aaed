package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.events.FileWatch;
import dev.forno.runtime.logs.LogEntry;
import dev.forno.runtime.logs.LogFiles;
import dev.forno.runtime.logs.LogQuery;
import dev.forno.runtime.logs.LogReader;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Specs;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The log that a task leaves. */
class TaskLogTest extends RuntimeFixture {
    private static List<String> logged(LogReader reader) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Optional<LogEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
            lines.add(new String(e.get().line(), StandardCharsets.UTF_8));
        }
        return lines;
    }

    @Test
    void theLogIsRotatedWithoutLoss() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        Path log = logs.resolve("container.log");
        String script = "i=0; while [ ! -e /logs/container.log.3 ]; do i=$((i+1)); echo $i; done; echo -n end $i >&2";
        Task task = create(Specs.withLogging(
                Specs.withMounts(spec(shell(script)), List.of(MountSpec.Bind.of(logs, "/logs", true))),
                new Logging.File(log, 100_000, 100)));
        List<String> followed;
        try (LogReader reader = LogReader.open(log, LogQuery.all(), task.exited())) {
            task.start();
            followed = logged(reader);
        }
        assertEquals(0, await(task).code());
        List<String> expected = new ArrayList<>();
        int count = followed.size() - 1;
        for (int i = 1; i <= count; i++) {
            expected.add(i + "\n");
        }
        expected.add("end " + count);
        assertEquals(expected, followed);
        try (LogReader reader = LogReader.open(log, LogQuery.all(), LogReader.NO_FOLLOW)) {
            assertEquals(expected, logged(reader));
        }
    }

    /** Numbers, one a line, until the file {@code stop} is there; and the number of the last one. */
    private static final String COUNT =
            "i=0; while [ ! -e /logs/stop ]; do i=$((i+1)); echo $i; done; echo $i > /logs/last";

    private TaskSpec counting(Path logs, int maxFiles) {
        return Specs.withLogging(
                Specs.withMounts(spec(shell(COUNT)), List.of(MountSpec.Bind.of(logs, "/logs", false))),
                new Logging.File(logs.resolve("container.log"), 50_000, maxFiles));
    }

    private static void awaitFile(Path file) throws IOException {
        try (FileWatch watch = FileWatch.open()) {
            watch.addDirectory(file.resolveSibling(""));
            while (!Files.exists(file)) {
                watch.await();
            }
        }
    }

    private static void assertCounted(Path logs, List<String> lines) throws IOException {
        int last = Integer.parseInt(Files.readString(logs.resolve("last")).strip());
        assertEquals(IntStream.rangeClosed(1, last).mapToObj(i -> i + "\n").toList(), lines);
    }

    @Test
    void nothingIsLostWhenTheEngineIsEndedWhileItRotates() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        Path log = logs.resolve("container.log");
        Task task = create(counting(logs, 1000));
        CompletableFuture<Object> end = new CompletableFuture<>();
        try (LogReader reader = LogReader.open(log, LogQuery.all(), end)) {
            CompletableFuture<List<String>> followed = new CompletableFuture<>();
            Thread follower = Thread.ofVirtual().start(() -> {
                try {
                    followed.complete(logged(reader));
                } catch (IOException | InterruptedException e) {
                    followed.completeExceptionally(e);
                }
            });
            task.start();
            for (int i = 1; i <= 4; i++) {
                awaitFile(LogFiles.numbered(log, 3 * i));
                runtime.close();
                if (i % 2 == 0 && Files.exists(log)) {
                    // as far as the engine got: the monitor is not asked yet
                    LogFiles.shift(log, 1000);
                }
                runtime = open(run(), cgroupParent);
                task = runtime.adopt(task.id()).orElseThrow();
                tasks.set(0, task);
            }
            awaitFile(LogFiles.numbered(log, 15));
            Files.createFile(logs.resolve("stop"));
            await(task);
            end.complete("exited");
            follower.join();
            assertCounted(logs, followed.get());
        }
        try (LogReader reader = LogReader.open(log, LogQuery.all(), LogReader.NO_FOLLOW)) {
            assertCounted(logs, logged(reader));
        }
    }

    @Test
    void logsAreRotatedWhileEveryCarrierComputes() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        Path log = logs.resolve("container.log");
        Task task = create(counting(logs, 3));
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> computing = new ArrayList<>();
        try {
            // more than there can be carriers
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                computing.add(Thread.ofVirtual().start(() -> {
                    while (!enough.get()) {
                        Thread.onSpinWait();
                    }
                }));
            }
            task.start();
            awaitFile(LogFiles.numbered(log, 2));
        } finally {
            enough.set(true);
            for (Thread thread : computing) {
                thread.join();
            }
        }
        Files.createFile(logs.resolve("stop"));
        await(task);
    }

    @Test
    void aRestartAppendsToTheLog() throws Exception {
        Path log = directory.resolve("container.log");
        for (String word : List.of("first", "second")) {
            Task task = create(Specs.withLogging(spec(shell("echo " + word)), Logging.File.of(log)));
            task.start();
            await(task);
            task.delete();
        }
        assertEquals(2, Files.readAllLines(log).size());
        assertTrue(Files.readAllLines(log).getFirst().endsWith(" stdout F first"));
    }
}
