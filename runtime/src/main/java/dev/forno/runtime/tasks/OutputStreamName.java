package dev.forno.runtime.tasks;

/** The two output streams of a process. */
public enum OutputStreamName {
    STDOUT,
    STDERR
}
