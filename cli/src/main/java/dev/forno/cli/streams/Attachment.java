package dev.forno.cli.streams;

import dev.forno.http.DuplexStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a container or exec joined to those of this process. Input is copied by a thread that may stay in a
 * blocked read when the output has ended; it dies with the process.
 */
public final class Attachment {
    /** How an attachment ended. */
    public enum End {
        OUTPUT,
        DETACHED
    }

    private final DuplexStream stream;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile End end = End.OUTPUT;
    private volatile @Nullable IOException failure;

    /** Joins nothing yet. */
    public Attachment(DuplexStream stream) {
        this.stream = stream;
    }

    /** Starts copying input to the container, watching for the keys that leave it when they are not null. */
    public void startInput(InputStream in, @Nullable DetachKeys keys) {
        Thread.ofPlatform().daemon().name("stdin").start(() -> copyInput(in, keys));
    }

    /** Starts copying output: frames when it is multiplexed, else bytes. */
    public void startOutput(OutputStream out, OutputStream err, boolean multiplexed) {
        Thread.ofPlatform().daemon().name("stdout").start(() -> {
            try {
                if (multiplexed) {
                    Demultiplexer.copy(stream.input(), out, err);
                } else {
                    Demultiplexer.copyRaw(stream.input(), out);
                }
            } catch (IOException e) {
                if (end != End.DETACHED) {
                    failure = e;
                }
            } finally {
                ended.countDown();
            }
        });
    }

    private void copyInput(InputStream in, @Nullable DetachKeys keys) {
        try (OutputStream target = stream.output()) {
            byte[] buffer = new byte[32 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (keys == null) {
                    target.write(buffer, 0, count);
                    continue;
                }
                target.write(keys.filter(buffer, count));
                if (keys.complete()) {
                    end = End.DETACHED;
                    ended.countDown();
                    return;
                }
            }
        } catch (IOException e) {
            // the container does not read its input any more: its output says how it ends
        }
    }

    /**
     * Waits for the end of the output or the detach keys.
     *
     * @throws IOException when the stream broke
     */
    public End await() throws IOException, InterruptedException {
        ended.await();
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        return end;
    }
}
