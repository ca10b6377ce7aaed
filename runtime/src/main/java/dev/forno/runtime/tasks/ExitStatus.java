package dev.forno.runtime.tasks;

import java.time.Instant;

/**
 * How a process ended.
 *
 * @param code its exit code, 128 + signal when a signal ended it
 * @param time when it ended
 * @param oomKilled whether the kernel killed a process of the container because of its memory limit
 */
public record ExitStatus(int code, Instant time, boolean oomKilled) {}
