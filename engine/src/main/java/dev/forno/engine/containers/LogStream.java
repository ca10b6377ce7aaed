package dev.forno.engine.containers;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** A log being read, by one thread. Closing, from any thread, ends a waiting {@link #next}. */
public interface LogStream extends AutoCloseable {
    /** Whether the container has a terminal, so that entries are one raw stream. */
    boolean tty();

    /** The next entry; waits for it when following; empty at the end. */
    Optional<LogEntry> next() throws IOException, InterruptedException;

    @Override
    void close();

    /**
     * One piece of output.
     *
     * @param line the bytes, with the line feed at the end when the process wrote one
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
    record LogEntry(Instant time, StreamKind stream, byte[] line) {}
}
