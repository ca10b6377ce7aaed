package dev.forno.runtime.tasks;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** A connection to a process' stdio. One thread reads, another may write, any may close. */
public interface Attachment extends AutoCloseable {
    /**
     * The process' input. Closing it ends the input (half-close): reading goes on. When the attachment was made without
     * input, writing fails.
     */
    OutputStream stdin();

    /** Waits for the next output, in the order in which it was written; empty at the end or after {@link #close}. */
    Optional<Chunk> read() throws IOException;

    /** Disconnects: a waiting {@link #read} returns. The process doesn't notice. Idempotent. */
    @Override
    void close();
}
