package dev.forno.runtime.logs;

import dev.forno.runtime.tasks.OutputStreamName;
import java.time.Instant;

/**
 * One logged line.
 *
 * @param time when its first part was written
 * @param stream where it was written
 * @param line the bytes with the final newline, if it had one
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is handed over, never compared
public record LogEntry(Instant time, OutputStreamName stream, byte[] line) {}
