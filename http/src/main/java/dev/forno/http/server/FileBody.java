package dev.forno.http.server;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;

/**
 * A body whose bytes lie in a file. Small ones are read and sent together with the head. Of large ones a window is mapped:
 * over plain TCP only to stand for the file, which the kernel sends itself; otherwise, as for TLS, to be read.
 */
final class FileBody {
    private static final int SMALL = 64 * 1024;
    private static final long WINDOW = 256L << 20;

    private final Content.Sink response;
    private final EndPoint endPoint;
    private final FileChannel file;

    FileBody(Content.Sink response, EndPoint endPoint, FileChannel file) {
        this.response = response;
        this.endPoint = endPoint;
        this.file = file;
    }

    void send(long from, long length) throws IOException {
        if (length <= SMALL) {
            Content.Sink.write(response, true, read(from, (int) length));
            return;
        }
        long end = from + length;
        for (long at = from; at < end; at += WINDOW) {
            long part = Math.min(WINDOW, end - at);
            sendWindow(at, part, at + part == end);
        }
    }

    private ByteBuffer read(long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException("the file is shorter than " + (from + length) + " bytes");
            }
        }
        return buffer.flip();
    }

    private void sendWindow(long from, long length, boolean last) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = file.map(MapMode.READ_ONLY, from, length, arena);
            if (endPoint instanceof FileEndPoint direct) {
                direct.sending(new FileRegion(file, from, memory));
            }
            Content.Sink.write(response, last, memory.asByteBuffer());
        } finally {
            if (endPoint instanceof FileEndPoint direct) {
                direct.sending(null);
            }
        }
    }
}
