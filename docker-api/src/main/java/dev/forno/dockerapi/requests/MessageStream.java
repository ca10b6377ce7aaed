package dev.forno.dockerapi.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.StreamMessage;
import dev.forno.http.server.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer of JSON lines. The head is sent with the first line, so that a failure before it still becomes an
 * error status; a failure after it becomes the last line. Thread-safe.
 */
public final class MessageStream {
    private static final System.Logger LOG = System.getLogger(MessageStream.class.getName());

    private final Response response;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable OutputStream out;

    private MessageStream(Response response) {
        this.response = response;
    }

    /** An operation that reports as it goes. */
    @FunctionalInterface
    public interface Operation {
        /** Runs to its end; failures are thrown. */
        void run(MessageStream stream) throws IOException, InterruptedException;
    }

    /**
     * Runs {@code operation} with a stream of lines. The operation is interrupted when the client leaves, which cancels it.
     */
    public static void run(Response response, Operation operation) throws IOException, InterruptedException {
        MessageStream stream = new MessageStream(response);
        response.interruptWhenClientGone();
        try {
            operation.run(stream);
            stream.open();
        } catch (RuntimeException e) {
            if (!response.committed()) {
                throw e;
            }
            LOG.log(Level.DEBUG, "a streamed operation failed", e);
            stream.send(StreamMessage.failure(ErrorStatus.message(e), null));
        }
    }

    /** Sends lines; throws {@link UncheckedIOException} when the client has gone, which ends the operation. */
    public void send(List<StreamMessage> messages) {
        messages.forEach(this::send);
    }

    /** Sends one line. */
    public void send(StreamMessage message) {
        byte[] line = (new String(Json.write(StreamMessage.class, message), UTF_8) + "\r\n").getBytes(UTF_8);
        try {
            open().write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OutputStream open() throws IOException {
        lock.lock();
        try {
            if (out == null) {
                out = response.header("Content-Type", "application/json").stream();
            }
            return out;
        } finally {
            lock.unlock();
        }
    }
}
