package dev.forno.http.server;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A part of a file and the memory that it is mapped at, by which a buffer is recognised as bytes of the file. */
record FileRegion(FileChannel file, long from, MemorySegment memory) {
    /** Whether the buffer's bytes are this file's. */
    boolean holds(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return false;
        }
        long offset = MemorySegment.ofBuffer(buffer).address() - memory.address();
        return offset >= 0 && offset + buffer.remaining() <= memory.byteSize();
    }

    /** Sends what the channel takes now, and advances the buffer by it. */
    long transfer(ByteBuffer buffer, WritableByteChannel target) throws IOException {
        long at = from + MemorySegment.ofBuffer(buffer).address() - memory.address();
        long sent = file.transferTo(at, buffer.remaining(), target);
        if (sent == 0 && file.size() < at + buffer.remaining()) {
            throw new EOFException("the file became shorter while it was sent");
        }
        buffer.position(buffer.position() + Math.toIntExact(sent));
        return sent;
    }
}
