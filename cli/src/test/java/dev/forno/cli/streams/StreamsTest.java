package dev.forno.cli.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static byte[] frame(int stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .putInt(stream << 24)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }

    @Test
    void framesGoToTheirStreams() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        byte[] stream = join(frame(1, "a"), frame(2, "x".repeat(70_000)), frame(1, ""), frame(1, "b"));
        Demultiplexer.copy(new ByteArrayInputStream(stream), out, err);
        assertEquals("ab", out.toString(StandardCharsets.UTF_8));
        assertEquals("x".repeat(70_000), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aCutOffFrameIsAnError() throws IOException {
        byte[] whole = frame(1, "text");
        for (int length = 1; length < whole.length; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThrows(
                    EOFException.class,
                    () -> Demultiplexer.copy(
                            new ByteArrayInputStream(part), new ByteArrayOutputStream(), new ByteArrayOutputStream()));
        }
    }

    @Test
    void anUnknownStreamIsAnError() {
        byte[] stream = frame(9, "x");
        assertThrows(
                IOException.class,
                () -> Demultiplexer.copy(
                        new ByteArrayInputStream(stream), new ByteArrayOutputStream(), new ByteArrayOutputStream()));
    }

    @Test
    void detachKeysEndTheInput() {
        DetachKeys keys = DetachKeys.parse(DetachKeys.DEFAULT);
        assertArrayEquals(new byte[] {'a', 16, 'b'}, keys.filter(new byte[] {'a', 16, 'b'}, 3));
        assertFalse(keys.complete());
        assertArrayEquals(new byte[] {'c'}, keys.filter(new byte[] {'c', 16}, 2));
        assertArrayEquals(new byte[] {16}, keys.filter(new byte[] {16}, 1));
        assertArrayEquals(new byte[] {}, keys.filter(new byte[] {17, 'x'}, 2));
        assertTrue(keys.complete());
    }

    @Test
    void detachKeysAreNamed() {
        DetachKeys keys = DetachKeys.parse("a,ctrl-@,ctrl-_");
        keys.filter(new byte[] {'a', 0, 31}, 3);
        assertTrue(keys.complete());
        assertThrows(IllegalArgumentException.class, () -> DetachKeys.parse("ctrl-1"));
        assertThrows(IllegalArgumentException.class, () -> DetachKeys.parse("ab"));
    }
}
