package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.events.FileWatch;
import dev.forno.runtime.logs.LogFiles;
import dev.forno.runtime.tasks.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rotates the logs of running tasks when they have grown: the newest file is renamed, then the monitor is asked to open
 * the name anew. Until it does, it goes on writing to the renamed file, so no line is lost. One thread for all tasks,
 * which sleeps while nobody logs.
 */
final class LogRotation implements AutoCloseable {
    /** Looks are so many milliseconds apart at most; the kernel keeps further changes as one meanwhile. */
    private static final long LONGEST_PAUSE = 100;

    private static final long SHORTEST_PAUSE = 2;

    /** No program logs faster, in bytes a millisecond: before a file can be full, somebody looks. */
    private static final long FASTEST = 500_000;

    private record Watched(MonitoredTask task, Logging.File log) {}

    private final Map<Integer, Watched> watched = new ConcurrentHashMap<>();
    private @Nullable FileWatch watch;
    private @Nullable Thread thread;

    void add(MonitoredTask task) {
        if (task.record().logging() instanceof Logging.File log
                && log.maxBytes() > 0
                && !task.exited().isDone()) {
            watch(task, log);
            // it may have grown while no engine was there
            rotateIfGrown(new Watched(task, log));
        }
    }

    void remove(MonitoredTask task) {
        watched.entrySet().removeIf(entry -> {
            FileWatch active = watch;
            boolean mine = entry.getValue().task == task;
            if (mine && active != null) {
                active.remove(entry.getKey());
            }
            return mine;
        });
    }

    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.close();
        }
        if (thread != null) {
            thread.interrupt();
        }
    }

    private synchronized void watch(MonitoredTask task, Logging.File log) {
        try {
            if (watch == null) {
                watch = FileWatch.open();
                FileWatch opened = watch;
                thread = Thread.ofVirtual().name("log-rotation").start(() -> loop(opened));
            }
            watched.put(watch.addFile(log.path()), new Watched(task, log));
        } catch (ErrnoException e) {
            warn(task, e);
        }
    }

    private void loop(FileWatch from) {
        try {
            while (true) {
                Set<Integer> changed = from.await();
                for (int number : changed) {
                    Watched one = watched.get(number);
                    if (one != null) {
                        if (one.task.exited().isDone()) {
                            remove(one.task);
                        } else if (rotateIfGrown(one)) {
                            from.remove(number);
                            watched.remove(number, one);
                        }
                    }
                }
                Thread.sleep(pause());
            }
        } catch (IOException | InterruptedException e) {
            // closed
        }
    }

    /** Shorter than what the fastest writer needs to fill the file with the least room. */
    private long pause() {
        long room = watched.values().stream()
                .mapToLong(one -> one.log.maxBytes() - one.log.path().toFile().length())
                .min()
                .orElse(Long.MAX_VALUE);
        return Math.clamp(room / FASTEST, SHORTEST_PAUSE, LONGEST_PAUSE);
    }

    /** Whether the watched file is not the newest any more. */
    private boolean rotateIfGrown(Watched one) {
        Path path = one.log.path();
        try {
            if (Files.size(path) < one.log.maxBytes()) {
                return false;
            }
            rotate(one.log);
            one.task.reopenLog();
            FileWatch active = watch;
            if (active != null) {
                watchNext(active, one);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false; // the monitor is about to make it
        } catch (IOException e) {
            if (!one.task.exited().isDone()) {
                warn(one.task, e);
            }
            return false;
        }
    }

    /** The monitor makes the new file some time after it was asked; making it here lets the watch begin at once. */
    private void watchNext(FileWatch active, Watched one) throws IOException {
        Thread.ofVirtual().start(() -> {
            try (FileWatch directory = FileWatch.open()) {
                directory.addDirectory(one.log.path().resolveSibling(""));
                while (!Files.exists(one.log.path()) && !one.task.exited().isDone()) {
                    directory.await();
                }
                watched.put(active.addFile(one.log.path()), one);
            } catch (IOException e) {
                if (!one.task.exited().isDone()) {
                    warn(one.task, e);
                }
            }
        });
    }

    /** {@code log.2} → {@code log.3} … {@code log} → {@code log.1}; the oldest goes. */
    static void rotate(Logging.File log) throws IOException {
        Path path = log.path();
        for (int i = log.maxFiles() - 1; i > 0; i--) {
            Path from = i == 1 ? path : LogFiles.numbered(path, i - 1);
            if (Files.exists(from)) {
                Files.move(from, LogFiles.numbered(path, i), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (log.maxFiles() == 1) {
            Files.deleteIfExists(path);
        }
    }

    private static void warn(MonitoredTask task, Exception e) {
        System.getLogger(LogRotation.class.getName())
                .log(System.Logger.Level.WARNING, "rotate log of task " + task.id() + ": " + e.getMessage());
    }
}
