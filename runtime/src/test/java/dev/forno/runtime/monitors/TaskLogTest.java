package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.runtime.logs.LogEntry;
import dev.forno.runtime.logs.LogQuery;
import dev.forno.runtime.logs.LogReader;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        Task task = create(spec(shell(script))
                .withMounts(List.of(MountSpec.Bind.of(logs, "/logs", true)))
                .withLogging(new Logging.File(log, 100_000, 100)));
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

    @Test
    void aRestartAppendsToTheLog() throws Exception {
        Path log = directory.resolve("container.log");
        for (String word : List.of("first", "second")) {
            Task task = create(spec(shell("echo " + word)).withLogging(Logging.File.of(log)));
            task.start();
            await(task);
            task.delete();
        }
        assertEquals(2, Files.readAllLines(log).size());
        assertTrue(Files.readAllLines(log).getFirst().endsWith(" stdout F first"));
    }
}
