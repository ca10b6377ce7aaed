package dev.forno.http.server;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;

/** A body whose bytes lie in a file. Small ones are read and go together with the head; large ones the kernel sends if it can. */
final class FileBody {
    private static final int SMALL = 64 * 1024;
    private static final int CHUNK = 256 * 1024;

    private final Content.Sink response;
    private final EndPoint endPoint;
    private final FileChannel file;

    FileBody(Content.Sink response, EndPoint endPoint, FileChannel file) {
        this.response = response;
        this.endPoint = endPoint;
        this.file = file;
    }

    void send(long from, long length) throws IOException {
        if (length > SMALL && endPoint instanceof FileEndPoint direct) {
            direct.send(response, file, from, length);
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, CHUNK));
        long end = from + length;
        long at = from;
        do {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            fill(buffer, at);
            at += buffer.limit();
            Content.Sink.write(response, at == end, buffer.flip());
        } while (at < end);
    }

    private void fill(ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was sent");
            }
        }
    }
}
