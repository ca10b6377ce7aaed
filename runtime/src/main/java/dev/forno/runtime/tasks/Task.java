package dev.forno.runtime.tasks;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;

/**
 * One container's running process with everything it started. Created → running (↔ paused) → stopped → deleted.
 * Thread-safe; methods on a stopped task throw {@link ErrorKind#FAILED_PRECONDITION} unless they say otherwise.
 */
public interface Task extends TaskProcess {
    /** Where the task is in its life, now. */
    TaskState state();

    /** What could not be given as asked and was degraded (a limit above what the host allows), in words for the user. */
    List<String> warnings();

    /**
     * Sends a signal to the container's first process.
     *
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} when it has ended
     */
    void kill(int signal);

    /** Freezes all processes. */
    void pause();

    /** Thaws all processes. */
    void resume();

    /** Prepares one more process in the container; {@link TaskProcess#start} runs it. */
    ExecTask exec(ExecSpec spec);

    /** The resources used until now. */
    Stats stats();

    /**
     * The container's processes as {@code ps} shows them.
     *
     * @param psArguments as {@code -ef}; empty for Docker's default columns
     */
    ProcessList processes(List<String> psArguments);

    /** Changes limits while running; fields that are null stay as they are. */
    void update(Resources resources);

    /**
     * Removes everything but the log: kills what still runs, then runtime state, cgroup, bundle, sockets. Also on stopped
     * and half-made tasks; again is harmless. Continues past failures and reports them all.
     */
    void delete();
}
