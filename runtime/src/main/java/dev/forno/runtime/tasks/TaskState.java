package dev.forno.runtime.tasks;

/** Where a task is in its life. */
public enum TaskState {
    /** Set up; its process waits to be started. */
    CREATED,
    /** Its process runs. */
    RUNNING,
    /** All its processes are frozen. */
    PAUSED,
    /** Its process has ended; the exit status is known. */
    STOPPED
}
