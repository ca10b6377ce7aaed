package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.sockets.PacketSocket;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.Chunk;
import dev.forno.runtime.tasks.OutputStreamName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One process' stdio, shared by its attachments over a single connection to the monitor: the monitor ends the process'
 * input with whichever connection goes first, and a newcomer's connection could miss output. Thread-safe.
 */
final class Stdio {
    private static final int STDERR_PACKET = 3;
    private static final int MAX_MESSAGE = 16 << 10;

    private final Path socketPath;
    private final boolean endsInput;
    private final List<StdioAttachment> attachments = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private @Nullable PacketSocket socket;
    private boolean opened;
    private boolean ended;
    private boolean unbounded;

    /**
     * Takes the monitor's socket.
     *
     * @param endsInput whether the end of an attachment's input is the end of the process' input
     * @param opened whether the monitor listens already; else {@link #open} says when
     */
    Stdio(Path socketPath, boolean endsInput, boolean opened) {
        this.socketPath = socketPath;
        this.endsInput = endsInput;
        this.opened = opened;
    }

    Attachment attach(boolean withInput) {
        StdioAttachment attachment = new StdioAttachment(this, withInput);
        lock.lock();
        try {
            attachments.add(attachment);
            if (unbounded) {
                attachment.unbound();
            }
            if (ended) {
                attachment.end();
            } else if (opened) {
                connect();
            }
        } finally {
            lock.unlock();
        }
        return attachment;
    }

    /** The monitor listens from now on. */
    void open() {
        lock.lock();
        try {
            opened = true;
            if (!attachments.isEmpty() && !ended) {
                connect();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The process is gone: what it left fits into memory, and no slow reader may hold up the news. */
    void unbound() {
        lock.lock();
        try {
            unbounded = true;
            attachments.forEach(StdioAttachment::unbound);
        } finally {
            lock.unlock();
        }
    }

    /** The monitor is gone; completes when the attachments have all output. */
    CompletableFuture<@Nullable Void> drained() {
        lock.lock();
        try {
            unbound();
            if (socket == null) {
                finish();
            }
            return drained;
        } finally {
            lock.unlock();
        }
    }

    /** Disconnects; the process goes on. */
    void close() {
        lock.lock();
        try {
            ended = true;
            if (socket == null) {
                finish();
            } else {
                socket.close();
            }
        } finally {
            lock.unlock();
        }
    }

    void send(byte[] bytes, int offset, int length) throws IOException {
        PacketSocket to = current();
        if (to == null) {
            throw new IOException("the process has ended");
        }
        for (int sent = 0; sent < length; sent += MAX_MESSAGE) {
            to.send(bytes, offset + sent, Math.min(MAX_MESSAGE, length - sent));
        }
    }

    void endInput() {
        PacketSocket to = current();
        if (to != null && endsInput) {
            to.shutdownOutput();
        }
    }

    /** An attachment goes. With the last the connection goes too, unless the process' input would end with it. */
    void detach(StdioAttachment attachment) {
        lock.lock();
        try {
            if (attachments.remove(attachment) && attachments.isEmpty() && !endsInput && socket != null && !unbounded) {
                socket.close();
                socket = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable PacketSocket current() {
        lock.lock();
        try {
            return socket;
        } finally {
            lock.unlock();
        }
    }

    private void connect() {
        if (socket != null) {
            return;
        }
        try {
            PacketSocket connected = PacketSocket.connect(socketPath);
            socket = connected;
            Thread.ofVirtual().name("stdio").start(() -> pump(connected));
        } catch (ErrnoException e) {
            // nobody listens: the process has ended
            finish();
        } catch (IOException e) {
            attachments.forEach(a -> a.fail(e));
        }
    }

    private void pump(PacketSocket from) {
        try {
            for (byte[] message = from.receive(); message.length > 0; message = from.receive()) {
                Chunk chunk = new Chunk(
                        message[0] == STDERR_PACKET ? OutputStreamName.STDERR : OutputStreamName.STDOUT,
                        java.util.Arrays.copyOfRange(message, 1, message.length));
                for (StdioAttachment attachment : attachments) {
                    attachment.put(chunk);
                }
            }
        } catch (IOException e) {
            attachments.forEach(a -> a.fail(e));
        } finally {
            lock.lock();
            try {
                if (socket == from) {
                    socket = null;
                    finish();
                }
            } finally {
                lock.unlock();
            }
            from.close();
        }
    }

    private void finish() {
        ended = true;
        attachments.forEach(StdioAttachment::end);
        drained.complete(null);
    }
}
