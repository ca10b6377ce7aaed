package dev.forno.linux.compression;

import java.util.zip.ZipException;

/**
 * One raw deflate stream (RFC 1951) being inflated. Fed and emptied by turns: {@link #input} only when {@link #inflate} has
 * returned 0. For one thread at a time.
 */
interface Inflation extends AutoCloseable {
    /** Gives the next bytes of the stream; they are copied or stay the caller's until {@link #inflate} returns 0. */
    void input(byte[] bytes, int from, int length);

    /**
     * Inflates into an array.
     *
     * @return how many bytes were made; 0 when it is {@link #finished} or needs more {@link #input}
     * @throws ZipException when the stream is damaged
     */
    int inflate(byte[] out, int from, int length) throws ZipException;

    /** Whether the stream has come to its end and all of it was given out. */
    boolean finished();

    /** How many bytes of the last input lie behind the end of the stream, once {@link #finished}. */
    int left();

    /** The CRC-32 of all that was given out. */
    int crc();

    /** Makes ready for another stream. */
    void reset();

    /** Frees the memory. Idempotent. */
    @Override
    void close();
}
