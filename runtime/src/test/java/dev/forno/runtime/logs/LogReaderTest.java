package dev.forno.runtime.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.runtime.tasks.OutputStreamName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class LogReaderTest {
    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void name() {
        log = directory.resolve("log");
    }

    private static String line(int second, String stream, String tag, String text) {
        return "2026-01-01T00:00:%02d.123456789+00:00 %s %s %s\n".formatted(second, stream, tag, text);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> read(LogQuery query) throws Exception {
        return read(query, LogReader.NO_FOLLOW);
    }

    private List<String> read(LogQuery query, CompletionStage<?> end) throws Exception {
        List<String> lines = new ArrayList<>();
        try (LogReader reader = LogReader.open(log, query, end)) {
            for (Optional<LogEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
                lines.add((e.get().stream() == OutputStreamName.STDERR ? "!" : "")
                        + new String(e.get().line(), StandardCharsets.UTF_8));
            }
        }
        return lines;
    }

    private static LogQuery tail(int count) {
        return new LogQuery(EnumSet.allOf(OutputStreamName.class), count, null, null);
    }

    @Test
    void aMissingLogIsEmpty() throws Exception {
        assertEquals(List.of(), read(LogQuery.all()));
        assertEquals(List.of(), read(tail(3)));
    }

    @Test
    void joinsPartsPerStreamAndPassesOverBrokenLines() throws Exception {
        append(log, line(1, "stdout", "P", "one "));
        append(log, line(2, "stderr", "F", "error"));
        append(log, "garbage\n\n2026 stdout F x\n");
        append(log, line(3, "stdout", "F", "line"));
        append(log, line(4, "stdout", "F", ""));
        append(log, line(5, "stdout", "P", "unended"));
        append(log, "2026-01-01T00:00:06.1+00:00 stdout F cut o");
        assertEquals(List.of("!error\n", "one line\n", "\n", "unended"), read(LogQuery.all()));
    }

    @Test
    void filtersByTimeAndStream() throws Exception {
        for (int i = 1; i < 6; i++) {
            append(log, line(i, i % 2 == 0 ? "stderr" : "stdout", "F", "l" + i));
        }
        Instant second = Instant.parse("2026-01-01T00:00:02.123456789Z");
        Instant fourth = Instant.parse("2026-01-01T00:00:04.123456789Z");
        assertEquals(
                List.of("!l2\n", "l3\n", "!l4\n"),
                read(new LogQuery(EnumSet.allOf(OutputStreamName.class), -1, second, fourth)));
        assertEquals(List.of("l3\n"), read(new LogQuery(EnumSet.of(OutputStreamName.STDOUT), -1, second, fourth)));
    }

    @Test
    void tailsAcrossFiles() throws Exception {
        append(LogFiles.numbered(log, 2), line(1, "stdout", "F", "a") + line(2, "stdout", "F", "b"));
        append(LogFiles.numbered(log, 1), line(3, "stdout", "F", "c") + line(4, "stdout", "P", "d"));
        append(log, line(5, "stdout", "F", "D") + line(6, "stdout", "F", "e"));
        assertEquals(List.of("a\n", "b\n", "c\n", "dD\n", "e\n"), read(LogQuery.all()));
        assertEquals(List.of(), read(tail(0)));
        assertEquals(List.of("e\n"), read(tail(1)));
        assertEquals(List.of("dD\n", "e\n"), read(tail(2)));
        assertEquals(List.of("b\n", "c\n", "dD\n", "e\n"), read(tail(4)));
        assertEquals(List.of("a\n", "b\n", "c\n", "dD\n", "e\n"), read(tail(100)));
    }

    @Test
    void tailsFindTheBeginningOfLongLines() throws Exception {
        append(log, line(1, "stdout", "F", "first"));
        append(log, line(2, "stderr", "P", "E"));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            append(log, line(3, "stdout", "P", "part" + i));
            expected.append("part").append(i);
        }
        append(log, line(4, "stdout", "F", ""));
        append(log, line(5, "stderr", "F", "nd"));
        assertEquals(List.of(expected + "\n", "!End\n"), read(tail(2)));
        assertEquals(List.of("!End\n"), read(tail(1)));
    }

    @Test
    void tailsOfBigFilesAreExact() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20000; i++) {
            text.append(line(i % 60, "stdout", "F", "line number " + i));
        }
        append(log, text.toString());
        List<String> last = read(tail(5000));
        assertEquals(5000, last.size());
        assertEquals("line number 15000\n", last.getFirst());
    }

    @Test
    void followsThroughRotationUntilTheEnd() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        append(log, line(1, "stdout", "F", "before"));
        try (LogReader reader = LogReader.open(log, tail(0), end)) {
            Thread follower = Thread.ofVirtual().start(() -> {
                try {
                    for (Optional<LogEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
                        seen.add(new String(e.get().line(), StandardCharsets.UTF_8));
                    }
                    seen.add("ended");
                } catch (IOException | InterruptedException e) {
                    seen.add(e.toString());
                }
            });
            append(log, line(2, "stdout", "F", "one"));
            assertEquals("one\n", seen.take());
            Files.move(log, LogFiles.numbered(log, 1));
            append(LogFiles.numbered(log, 1), line(3, "stdout", "F", "two"));
            assertEquals("two\n", seen.take(), "the writer has not noticed yet");
            append(log, line(4, "stdout", "F", "three"));
            assertEquals("three\n", seen.take());
            Files.move(LogFiles.numbered(log, 1), LogFiles.numbered(log, 2));
            Files.move(log, LogFiles.numbered(log, 1));
            append(log, line(5, "stdout", "F", "four"));
            assertEquals("four\n", seen.take());
            append(log, line(6, "stdout", "P", "half"));
            end.complete("done");
            assertEquals("half", seen.take());
            assertEquals("ended", seen.take());
            follower.join();
        }
    }

    @Test
    void aMissingNumberHidesNothing() throws Exception {
        append(LogFiles.numbered(log, 3), line(1, "stdout", "F", "old"));
        append(log, line(2, "stdout", "F", "new"));
        assertEquals(List.of("old\n", "new\n"), read(LogQuery.all()));
        assertEquals(List.of("old\n", "new\n"), read(tail(2)));
    }

    @Test
    void readsOnWhatRotationTookMeanwhile() throws Exception {
        append(LogFiles.numbered(log, 1), line(1, "stdout", "F", "a"));
        append(log, line(2, "stdout", "F", "b"));
        try (LogReader reader = LogReader.open(log, LogQuery.all(), LogReader.NO_FOLLOW)) {
            for (int i = 0; i < 3; i++) {
                LogFiles.shift(log, 2);
                append(log, line(3, "stdout", "F", "later"));
            }
            assertEquals("a\n", new String(reader.next().orElseThrow().line(), StandardCharsets.UTF_8));
            assertEquals("b\n", new String(reader.next().orElseThrow().line(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void renamingMakesNoReaderPassOverAFile() throws Exception {
        int count = 300;
        append(log, line(0, "stdout", "F", "0"));
        Thread rotation = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 1; i < count; i++) {
                    LogFiles.shift(log, count);
                    append(log, line(i % 60, "stdout", "F", String.valueOf(i)));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        while (rotation.isAlive()) {
            List<String> lines = read(LogQuery.all());
            for (int i = 0; i < lines.size(); i++) {
                assertEquals(i + "\n", lines.get(i));
            }
        }
        assertEquals(count, read(LogQuery.all()).size());
    }

    @Test
    void followsALogThatIsNotThereYet() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        try (LogReader reader = LogReader.open(log, LogQuery.all(), end)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    append(log, line(1, "stderr", "F", "hello"));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertEquals(OutputStreamName.STDERR, reader.next().orElseThrow().stream());
            writer.join();
        }
    }

    @Test
    void closingEndsAWaitingReader() throws Exception {
        LogReader reader = LogReader.open(log, LogQuery.all(), new CompletableFuture<>());
        CompletableFuture<Optional<LogEntry>> waiting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(reader.next());
            } catch (IOException | InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        reader.close();
        assertTrue(waiting.get().isEmpty());
    }
}
