package dev.forno.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The two raw byte streams of a connection that left HTTP (a <em>hijacked</em> connection). Each direction ends on its
 * own: the peer's end of output is the end of {@link #input()}, and {@link #closeOutput()} is seen by the peer as the end
 * of its input while the other direction goes on.
 *
 * <p>One thread may read while another writes. {@link #close()} may be called from any thread, is idempotent and makes
 * a blocked reader or writer fail.
 */
public interface DuplexStream extends AutoCloseable {
    /** The bytes from the peer; closing it closes nothing else. */
    InputStream input();

    /** The bytes to the peer, sent as they are written, without buffering; closing it equals {@link #closeOutput()}. */
    OutputStream output();

    /** Tells the peer that no more bytes follow. Idempotent. */
    void closeOutput() throws IOException;

    /** Ends both directions. */
    @Override
    void close();
}
