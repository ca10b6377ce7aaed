package dev.forno.engine.containers;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A client's connection to a process's standard streams. Closing detaches and leaves the process alone. One thread may
 * write to {@link #stdin()} while another is in {@link #copyOutput}.
 */
public interface Attachment extends AutoCloseable {
    /** Whether the process has a terminal, so that output is one raw stream. */
    boolean tty();

    /**
     * Standard input. Closing it half-closes: the process reads the end while output goes on. Writing the detach keys
     * closes the attachment. When input was not asked for, writes are dropped.
     */
    OutputStream stdin();

    /**
     * Hands on output until the process has ended and all was delivered, or the attachment is closed. When the container
     * was not started yet, waits for it.
     */
    void copyOutput(OutputSink sink) throws IOException;

    /** Detaches; idempotent, from any thread. */
    @Override
    void close();

    /** Takes output as it comes. The buffer is only valid during the call. */
    @FunctionalInterface
    interface OutputSink {
        /** Takes {@code length} bytes of {@code buffer}; an exception ends the copying. */
        void write(StreamKind stream, byte[] buffer, int offset, int length) throws IOException;
    }

    /**
     * What to attach.
     *
     * @param logs first replay what was logged so far
     * @param stream then go on live; when false only the replay is given
     * @param detachKeys as {@code ctrl-p,ctrl-q}, empty for that default
     */
    record AttachOptions(
            boolean stdin, boolean stdout, boolean stderr, boolean logs, boolean stream, String detachKeys) {}
}
