package dev.forno.http.server;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A part of a file and the buffer that stands for it: the byte at the buffer's position 0 is the file's at {@code from}. */
record FileRegion(FileChannel file, long from, ByteBuffer buffer) {
    /** Sends what the channel takes now, and advances the buffer by it. */
    long transfer(WritableByteChannel target) throws IOException {
        long at = from + buffer.position();
        long sent = file.transferTo(at, buffer.remaining(), target);
        if (sent == 0 && file.size() < at + buffer.remaining()) {
            throw new EOFException("the file became shorter while it was sent");
        }
        buffer.position(buffer.position() + Math.toIntExact(sent));
        return sent;
    }
}
