package dev.forno.http.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The bytes that a request carries. */
public interface RequestBody {
    /** A body of no bytes. */
    RequestBody EMPTY = of(new byte[0]);

    /** How many bytes {@link #writeTo} writes, or -1 when that isn't known before (the body is then sent in chunks). */
    long length();

    /** Writes all bytes; called at most once. A failure here aborts the request. */
    void writeTo(OutputStream out) throws IOException;

    /** True when the bytes are in memory, so that sending them needs no second thread. */
    default boolean inMemory() {
        return false;
    }

    /** A body held in memory. */
    static RequestBody of(byte[] bytes) {
        return new RequestBody() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }

            @Override
            public boolean inMemory() {
                return true;
            }
        };
    }

    /** A body of unknown length read from {@code in}, which is closed afterwards. */
    static RequestBody of(InputStream in) {
        return streaming(out -> {
            try (in) {
                in.transferTo(out);
            }
        });
    }

    /** A body of unknown length produced by {@code writer} on a thread of its own while the response is read. */
    static RequestBody streaming(Writer writer) {
        return new RequestBody() {
            @Override
            public long length() {
                return -1;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                writer.writeTo(out);
            }
        };
    }

    /** Produces the bytes of a streamed body. */
    @FunctionalInterface
    interface Writer {
        /** Writes all bytes to {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }
}
