package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Chunk;
import dev.forno.runtime.tasks.OutputStreamName;
import dev.forno.runtime.tasks.TaskProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A client's connection to a process that runs already or will. */
final class ProcessAttachment implements Attachment {
    private final CompletableFuture<dev.forno.runtime.tasks.Attachment> connection = new CompletableFuture<>();
    private final AttachOptions options;
    private final boolean tty;
    private final Runnable onDetach;
    private final @Nullable Replay replay;
    private final OutputStream stdin;
    private final CompletionStage<?> end;
    private final CompletableFuture<@Nullable Void> closing = new CompletableFuture<>();

    /** What was logged before, handed on first. */
    @FunctionalInterface
    interface Replay {
        void writeTo(OutputSink sink) throws IOException;
    }

    /**
     * Makes a connection.
     *
     * @param end completes when the end of the process is known to everyone; {@link #copyOutput} returns after it
     */
    ProcessAttachment(
            AttachOptions options, boolean tty, @Nullable Replay replay, CompletionStage<?> end, Runnable onDetach) {
        this.options = options;
        this.end = end;
        this.tty = tty;
        this.replay = replay;
        this.onDetach = onDetach;
        OutputStream input = options.stdin() ? new Input() : OutputStream.nullOutputStream();
        this.stdin = tty && options.stdin()
                ? new DetachKeysStream(input, DetachKeys.parse(options.detachKeys()), this::detach)
                : input;
    }

    void connect(TaskProcess process) {
        if (connection.isDone()) {
            return;
        }
        dev.forno.runtime.tasks.Attachment made = process.attach(options.stdin());
        if (!connection.complete(made)) {
            made.close();
        }
    }

    boolean isClosed() {
        return connection.isCancelled();
    }

    @Override
    public boolean tty() {
        return tty;
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public void copyOutput(OutputSink sink) throws IOException {
        if (replay != null) {
            replay.writeTo(sink);
        }
        if (!options.stream()) {
            return;
        }
        Optional<dev.forno.runtime.tasks.Attachment> live = connected();
        if (live.isEmpty()) {
            return;
        }
        for (Optional<Chunk> chunk = live.get().read();
                chunk.isPresent();
                chunk = live.get().read()) {
            StreamKind stream = chunk.get().stream() == OutputStreamName.STDERR ? StreamKind.STDERR : StreamKind.STDOUT;
            if (stream == StreamKind.STDERR ? options.stderr() : options.stdout()) {
                byte[] bytes = chunk.get().bytes();
                sink.write(stream, bytes, 0, bytes.length);
            }
        }
        // a process may close its output long before it ends
        await(CompletableFuture.anyOf(closing, end.toCompletableFuture()));
    }

    /** The connection, once there is one; empty when closed before. */
    private Optional<dev.forno.runtime.tasks.Attachment> connected() throws IOException {
        return await(connection);
    }

    private static <T> Optional<T> await(CompletableFuture<T> future) throws IOException {
        try {
            return Optional.ofNullable(future.get());
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "attach: interrupted", e);
        }
    }

    private void detach() {
        onDetach.run();
        close();
    }

    @Override
    public void close() {
        closing.complete(null);
        if (!connection.cancel(false) && connection.isDone() && !connection.isCompletedExceptionally()) {
            connection.join().close();
        }
    }

    /** Input that waits for the process. */
    private final class Input extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            Optional<dev.forno.runtime.tasks.Attachment> live = connected();
            if (live.isEmpty()) {
                throw new IOException("write input: detached");
            }
            live.get().stdin().write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            if (connection.isDone() && !connection.isCompletedExceptionally()) {
                connection.join().stdin().flush();
            }
        }

        @Override
        public void close() throws IOException {
            Optional<dev.forno.runtime.tasks.Attachment> live = connected();
            if (live.isPresent()) {
                live.get().stdin().close();
            }
        }
    }
}
