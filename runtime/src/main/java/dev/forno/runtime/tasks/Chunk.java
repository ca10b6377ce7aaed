package dev.forno.runtime.tasks;

/**
 * A piece of output, not aligned to lines.
 *
 * @param stream where it was written; a terminal has only {@link OutputStreamName#STDOUT}
 * @param bytes the bytes, owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is handed over, never compared
public record Chunk(OutputStreamName stream, byte[] bytes) {}
