package dev.forno.runtime.monitors;

import dev.forno.runtime.logs.LogFiles;
import dev.forno.runtime.tasks.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One log that is rotated: the newest file is renamed, then the monitor is asked to open the name anew. Until it does, it
 * goes on writing to the renamed file, so no line is lost.
 *
 * <p>A request may not have been made, when the engine ended in between, and must not be made twice: the monitor replaces
 * what has the name, lines and all. It is repeated only when the monitor has written to the renamed file although it had
 * no request left to take. Thread-safe.
 */
final class RotatedLog {
    /** What a log asks of its monitor. */
    interface Requests {
        /** Asks to open the log anew, unless there is an earlier request to take. */
        void reopenLog() throws IOException;

        /** Whether every request was taken; the last one may not be carried out yet. */
        boolean isIdle() throws IOException;
    }

    private static final long BUSY = -1;

    private final Logging.File log;
    private final Requests monitor;
    private final Path renamed;

    /** Whether the monitor has yet to make the newest file, for all that is known. */
    private boolean awaited = true;

    /** The size of the renamed file when the monitor had taken every request, or {@link #BUSY}. */
    private long sizeWhenIdle = BUSY;

    private volatile long room;

    RotatedLog(Logging.File log, Requests monitor) {
        this.log = log;
        this.monitor = monitor;
        this.renamed = LogFiles.numbered(log.path(), 1);
    }

    /** How many bytes would have fit when it was looked at last. */
    long room() {
        return room;
    }

    /** To be called when anything was written: does what is due. */
    synchronized void look() throws IOException {
        try {
            if (awaited && !arrived()) {
                askAgain();
                room = 0;
                return;
            }
            room = log.maxBytes() - Files.size(log.path());
            if (room <= 0) {
                rotate();
            }
        } catch (NoSuchFileException e) {
            room = log.maxBytes(); // somebody else removed the log
        }
    }

    private boolean arrived() throws IOException {
        if (!Files.exists(log.path())) {
            return false;
        }
        awaited = false;
        if (log.maxFiles() == 1) {
            Files.deleteIfExists(renamed);
        }
        return true;
    }

    private void rotate() throws IOException {
        LogFiles.shift(log.path(), log.maxFiles());
        awaited = true;
        sizeWhenIdle = BUSY;
        monitor.reopenLog();
    }

    private void askAgain() throws IOException {
        if (sizeWhenIdle == BUSY) {
            if (monitor.isIdle()) {
                sizeWhenIdle = Files.size(renamed);
            }
        } else if (Files.size(renamed) > sizeWhenIdle && !Files.exists(log.path())) {
            sizeWhenIdle = BUSY;
            monitor.reopenLog();
        }
    }
}
