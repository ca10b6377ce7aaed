package dev.forno.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that recognises the buffer which stands for a part of a file, and lets the kernel send that part. The
 * HTTP library has no other way to send a file without copying it.
 */
final class FileEndPoint extends SocketChannelEndPoint {
    private final StandIn standIn;
    private volatile @Nullable FileRegion region;

    FileEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, StandIn standIn) {
        super(channel, selector, key, scheduler);
        this.standIn = standIn;
    }

    /** Sends a part of a file as the last of a response's body. */
    void send(Content.Sink response, FileChannel file, long from, long length) throws IOException {
        long end = from + length;
        for (long at = from; at < end; at += StandIn.SIZE) {
            int part = (int) Math.min(StandIn.SIZE, end - at);
            FileRegion current = new FileRegion(file, at, standIn.of(part));
            region = current;
            try {
                Content.Sink.write(response, at + part == end, current.buffer());
            } finally {
                region = null;
            }
        }
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        FileRegion current = region;
        int at = current == null ? buffers.length : indexOf(current.buffer(), buffers);
        if (current == null || at == buffers.length) {
            return super.flush(buffers);
        }
        if (at > 0 && !super.flush(Arrays.copyOf(buffers, at))) {
            return false;
        }
        try {
            while (current.buffer().hasRemaining()) {
                if (current.transfer(getChannel()) == 0) {
                    return false;
                }
                notIdle();
            }
        } catch (IOException e) {
            throw new EofException(e);
        }
        return at + 1 == buffers.length || flush(Arrays.copyOfRange(buffers, at + 1, buffers.length));
    }

    @SuppressWarnings("ReferenceEquality") // the very buffer, not one with the same content
    private static int indexOf(ByteBuffer wanted, ByteBuffer[] buffers) {
        int i = 0;
        while (i < buffers.length && buffers[i] != wanted) {
            i++;
        }
        return i;
    }
}
