package dev.forno.engine.containers;

/** Which of a process's output streams bytes came from; a terminal's are all {@link #STDOUT}. */
public enum StreamKind {
    /** Standard output. */
    STDOUT,
    /** Standard error. */
    STDERR
}
