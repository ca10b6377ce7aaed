package dev.forno.runtime.logs;

import dev.forno.linux.events.FileWatch;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a task's log across rotations, and follows it while the task runs. A log that isn't there is empty. One thread
 * reads, any closes. Waiting costs nothing: the kernel tells when something was written.
 */
public final class LogReader implements AutoCloseable {
    /** The end that has come already: the log is read as it is, and not followed. */
    public static final CompletionStage<?> NO_FOLLOW = CompletableFuture.completedStage(null);

    private final Path log;
    private final LogQuery query;
    private final CompletableFuture<?> end;
    private final @Nullable FileWatch watch;
    private final Queue<LogEntry> ready = new ArrayDeque<>();
    private final LineJoiner joiner = new LineJoiner();
    private volatile @Nullable LogFile file;
    /** Opened files to go on with: rotation may take their names meanwhile, and some of them altogether. */
    private final Queue<LogFile> upcoming = new ConcurrentLinkedQueue<>();

    private long toSkip;
    private boolean finished;
    private volatile boolean closed;

    private LogReader(Path log, LogQuery query, CompletableFuture<?> end, @Nullable FileWatch watch) {
        this.log = log;
        this.query = query;
        this.end = end;
        this.watch = watch;
    }

    /**
     * Opens a log.
     *
     * @param log the newest file
     * @param end following goes on until it completes, with whatever result: {@code task.exited()}, or {@link #NO_FOLLOW}
     */
    public static LogReader open(Path log, LogQuery query, CompletionStage<?> end) {
        CompletableFuture<?> ended = end.toCompletableFuture();
        try {
            FileWatch watch = ended.isDone() ? null : FileWatch.open();
            LogReader reader = new LogReader(log, query, ended, watch);
            if (watch != null) {
                watch.addDirectory(log.resolveSibling(""));
                ended.whenComplete((result, failure) -> watch.close()).exceptionally(failure -> null);
            }
            try {
                reader.begin();
                return reader;
            } catch (IOException | RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "read log " + log + ": " + e.getMessage(), e);
        }
    }

    /**
     * The next line; waits for it while the end is not reached. Empty at the end, and after {@link #close}.
     *
     * @throws InterruptedException when interrupted; the reader is of no more use then
     */
    public Optional<LogEntry> next() throws IOException, InterruptedException {
        try {
            while (!closed) {
                LogEntry entry = ready.poll();
                if (entry == null) {
                    if (finished || !advance()) {
                        return Optional.empty();
                    }
                } else if (query.until() != null && entry.time().isAfter(query.until())) {
                    finished = true;
                    ready.clear();
                } else if (toSkip > 0) {
                    toSkip--;
                } else if (query.streams().contains(entry.stream())
                        && (query.since() == null || !entry.time().isBefore(query.since()))) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException("read log " + log).initCause(e);
        } catch (ClosedChannelException e) {
            if (closed) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        closeFiles();
    }

    private void begin() throws IOException {
        List<LogFile> files = LogFiles.open(log);
        upcoming.addAll(files);
        LogTail.Start start = query.tail() < 0 ? new LogTail.Start(0, 0, 0) : LogTail.find(files, query.tail());
        for (int i = 0; i < start.file(); i++) {
            upcoming.remove().close();
        }
        proceed(start.offset());
        toSkip = start.entries();
    }

    /** Goes on with the next opened file, if there is one. */
    private boolean proceed(long offset) {
        LogFile next = upcoming.poll();
        if (next == null) {
            return false;
        }
        LogFile before = file;
        if (before != null) {
            before.close();
        }
        next.seek(offset);
        file = next;
        if (closed) {
            closeFiles();
        }
        return true;
    }

    private void closeFiles() {
        LogFile current = file;
        if (current != null) {
            current.close();
        }
        upcoming.forEach(LogFile::close);
    }

    /** Reads on until there is an entry or the end; whether there may be more. */
    private boolean advance() throws IOException {
        while (ready.isEmpty()) {
            // asked before reading: what was written until then is read now, so nothing comes after the last look
            boolean last = end.isDone();
            LogFile current = file;
            Optional<byte[]> line = current == null ? Optional.empty() : current.next();
            if (line.isPresent()) {
                LogLine.parse(line.get()).flatMap(joiner::add).ifPresent(ready::add);
            } else if (!openNext()) {
                if (last) {
                    finish();
                    return !ready.isEmpty();
                }
                if (!await()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Goes on to the next file, if this one is complete. */
    private boolean openNext() throws IOException {
        LogFile current = file;
        if (upcoming.isEmpty()) {
            if (current == null) {
                upcoming.addAll(LogFiles.open(log));
            } else {
                LogFiles.openAfter(log, current).ifPresent(upcoming::add);
            }
        }
        if (upcoming.isEmpty()) {
            return false;
        }
        if (current != null) {
            // the next file exists only after the last write to this one
            for (Optional<byte[]> line = current.next(); line.isPresent(); line = current.next()) {
                LogLine.parse(line.get()).flatMap(joiner::add).ifPresent(ready::add);
            }
        }
        return proceed(0);
    }

    private boolean await() throws IOException {
        try {
            if (watch != null) {
                watch.await();
            }
            return true;
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            // the end was reached, or nobody wants to read any more
            return !closed;
        }
    }

    private void finish() {
        finished = true;
        ready.addAll(joiner.rest());
        closeFiles();
    }
}
