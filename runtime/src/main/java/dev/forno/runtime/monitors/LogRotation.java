package dev.forno.runtime.monitors;

import dev.forno.linux.events.FileWatch;
import dev.forno.linux.processes.ThreadPriority;
import dev.forno.runtime.tasks.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rotates the logs of running tasks when they have grown. One thread for all tasks, which sleeps while nobody logs. How
 * far a log grows beyond its bound is how late this thread looks, so it is a platform thread, of high priority where that
 * is allowed: logs grow also while every carrier of virtual threads computes and processes stand in line.
 */
final class LogRotation implements AutoCloseable {
    /** Looks are so many milliseconds apart at most; the kernel keeps further changes as one meanwhile. */
    private static final long LONGEST_PAUSE = 100;

    private static final long SHORTEST_PAUSE = 2;

    /** No program logs faster, in bytes a millisecond: before a file can be full, somebody looks. */
    private static final long FASTEST = 500_000;

    /** So many looks in vain are taken before the thread waits for changes: to be woken takes two other threads. */
    private static final int PATIENCE = 20;

    private record Watched(MonitoredTask task, RotatedLog log) {
        void look() {
            try {
                log.look();
            } catch (IOException e) {
                if (!task.exited().isDone()) {
                    System.getLogger(LogRotation.class.getName())
                            .log(
                                    System.Logger.Level.WARNING,
                                    "rotate log of task " + task.id() + ": " + e.getMessage());
                }
            }
        }
    }

    /** By the number of the watched directory, which may hold several logs. */
    private final Map<Integer, Set<Watched>> watched = new ConcurrentHashMap<>();

    private @Nullable FileWatch watch;
    private @Nullable Thread thread;

    void add(MonitoredTask task) {
        if (task.record().logging() instanceof Logging.File log
                && log.maxBytes() > 0
                && !task.exited().isDone()) {
            Watched one = new Watched(task, new RotatedLog(log, task.control()));
            try {
                watch(one, log.path().resolveSibling(""));
            } catch (IOException e) {
                System.getLogger(LogRotation.class.getName())
                        .log(System.Logger.Level.WARNING, "watch log of task " + task.id() + ": " + e.getMessage());
                return;
            }
            // it may have grown while no engine was there
            one.look();
            LockSupport.unpark(thread);
        }
    }

    synchronized void remove(MonitoredTask task) {
        watched.forEach((number, logs) -> {
            FileWatch active = watch;
            if (logs.removeIf(one -> one.task == task) && logs.isEmpty() && active != null) {
                active.remove(number);
                watched.remove(number);
            }
        });
    }

    /** Another engine may rotate the logs when this returns. */
    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.close();
        }
        Thread looking = thread;
        if (looking != null) {
            looking.interrupt();
            Uninterrupted.join(looking);
        }
    }

    private synchronized void watch(Watched one, Path directory) throws IOException {
        if (watch == null) {
            FileWatch opened = FileWatch.open();
            watch = opened;
            thread = Thread.ofPlatform().daemon().name("log-rotation").start(() -> loop(opened));
        }
        watched.computeIfAbsent(watch.addDirectory(directory), number -> ConcurrentHashMap.newKeySet())
                .add(one);
    }

    private void loop(FileWatch from) {
        ThreadPriority.raise();
        int inVain = PATIENCE;
        try {
            while (true) {
                Set<Integer> changed = inVain < PATIENCE ? from.changed() : from.await();
                inVain = changed.isEmpty() ? inVain + 1 : 0;
                if (changed.contains(FileWatch.MANY)) {
                    changed = watched.keySet();
                }
                for (int number : changed) {
                    watched.getOrDefault(number, Set.of()).forEach(Watched::look);
                }
                LockSupport.parkNanos(pause().toNanos());
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** Shorter than what the fastest writer needs to fill the file with the least room. */
    private Duration pause() {
        long room = watched.values().stream()
                .flatMap(Collection::stream)
                .mapToLong(one -> one.log.room())
                .min()
                .orElse(Long.MAX_VALUE);
        return Duration.ofMillis(Math.clamp(room / FASTEST, SHORTEST_PAUSE, LONGEST_PAUSE));
    }
}
