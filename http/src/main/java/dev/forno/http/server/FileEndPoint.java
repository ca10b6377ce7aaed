package dev.forno.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that recognises buffers of a file that is being sent, and lets the kernel send the file instead: the
 * buffer's memory is never read. The HTTP library has no other way to send a file without copying it.
 */
final class FileEndPoint extends SocketChannelEndPoint {
    private volatile @Nullable FileRegion region;

    FileEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    /** The region whose buffer is written next; null when none is. */
    void sending(@Nullable FileRegion current) {
        region = current;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        FileRegion current = region;
        int at = current == null ? buffers.length : indexOf(current, buffers);
        if (current == null || at == buffers.length) {
            return super.flush(buffers);
        }
        if (at > 0 && !super.flush(Arrays.copyOf(buffers, at))) {
            return false;
        }
        try {
            while (buffers[at].hasRemaining()) {
                if (current.transfer(buffers[at], getChannel()) == 0) {
                    return false;
                }
                notIdle();
            }
        } catch (IOException e) {
            throw new EofException(e);
        }
        return at + 1 == buffers.length || flush(Arrays.copyOfRange(buffers, at + 1, buffers.length));
    }

    private static int indexOf(FileRegion region, ByteBuffer[] buffers) {
        int i = 0;
        while (i < buffers.length && !(buffers[i].hasRemaining() && region.holds(buffers[i]))) {
            i++;
        }
        return i;
    }
}
