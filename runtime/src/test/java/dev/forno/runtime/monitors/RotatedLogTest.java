package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.runtime.logs.LogFiles;
import dev.forno.runtime.tasks.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A monitor that takes requests, carries them out and writes when the test says so. */
class RotatedLogTest implements RotatedLog.Requests {
    private static final long MAX = 10;

    @TempDir
    Path directory;

    private Path log;
    private Path written;
    private int unread;
    private int asked;
    private boolean atIt;

    @BeforeEach
    void begin() throws IOException {
        log = directory.resolve("log");
        written = log;
        write("a");
    }

    @Override
    public void reopenLog() {
        if (unread == 0) {
            unread++;
            asked++;
        }
    }

    @Override
    public boolean isIdle() {
        return unread == 0;
    }

    private void take() {
        atIt = unread > 0;
        unread = 0;
    }

    /** As the monitor does: whatever has the name is replaced. */
    private void carryOut() throws IOException {
        if (atIt) {
            Files.write(log, new byte[0]);
            written = log;
            atIt = false;
        }
    }

    private void write(String text) throws IOException {
        Files.writeString(written, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private RotatedLog rotated(int maxFiles) throws IOException {
        RotatedLog rotated = new RotatedLog(new Logging.File(log, MAX, maxFiles), this);
        rotated.look();
        return rotated;
    }

    /** Fills the newest file; what is written further goes to the renamed one. */
    private void fill(RotatedLog rotated) throws IOException {
        write("b".repeat((int) MAX));
        rotated.look();
        written = LogFiles.numbered(log, 1);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
        }
    }

    @Test
    void tellsHowMuchFits() throws IOException {
        assertEquals(MAX - 1, rotated(3).room());
        assertEquals(0, asked);
    }

    @Test
    void asksOnceHoweverOftenItIsLookedAt() throws IOException {
        RotatedLog rotated = rotated(3);
        fill(rotated);
        assertEquals(List.of("log.1"), files());
        write("unread");
        rotated.look();
        take();
        rotated.look();
        rotated.look();
        assertEquals(1, asked, "the monitor may be at it");
        carryOut();
        write("c");
        rotated.look();
        assertEquals(1, asked);
        assertEquals(List.of("log", "log.1"), files());
        assertEquals(MAX - 1, rotated.room());
    }

    @Test
    void asksAgainWhenTheMonitorWritesWithNothingToTake() throws IOException {
        RotatedLog rotated = rotated(3);
        unread = 1; // something else, so that the request can't be made
        fill(rotated);
        assertEquals(0, asked);
        rotated.look();
        write("d");
        rotated.look();
        assertEquals(0, asked, "it was not seen with nothing to take yet");
        take();
        atIt = false;
        rotated.look();
        assertEquals(0, asked);
        write("e");
        rotated.look();
        assertEquals(1, asked);
    }

    @Test
    void goesOnWhereAnEndedEngineLeftOff() throws IOException {
        Files.move(log, LogFiles.numbered(log, 1));
        written = LogFiles.numbered(log, 1);
        RotatedLog rotated = rotated(3);
        assertEquals(0, asked, "the ended engine may have asked");
        write("f");
        rotated.look();
        assertEquals(1, asked);
        take();
        carryOut();
        rotated.look();
        assertEquals(MAX, rotated.room());
        fill(rotated);
        assertEquals(2, asked);
        assertEquals("a" + "f", Files.readString(LogFiles.numbered(log, 2)));
    }

    @Test
    void keepsAsManyFilesAsWanted() throws IOException {
        for (int maxFiles = 1; maxFiles <= 3; maxFiles++) {
            RotatedLog rotated = rotated(maxFiles);
            for (int i = 0; i < 5; i++) {
                fill(rotated);
                assertTrue(Files.exists(LogFiles.numbered(log, 1)), "written to until there is a new one");
                take();
                carryOut();
                rotated.look();
            }
            assertEquals(maxFiles, files().size());
        }
    }

    @Test
    void aRemovedLogIsLeftAlone() throws IOException {
        RotatedLog rotated = rotated(3);
        Files.delete(log);
        rotated.look();
        assertEquals(0, asked);
        assertFalse(Files.exists(log));
    }
}
