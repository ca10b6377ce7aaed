package dev.forno.runtime.tasks;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.concurrent.CompletionStage;

/** A process in a container, its first or one added by exec. Thread-safe. */
public interface TaskProcess {
    /** The container's id, or the exec's. */
    String id();

    /** The process id as the host sees it; 0 while an exec is not started. */
    int pid();

    /**
     * Lets the process run. Once only.
     *
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} when the command can't be run (see {@link StartFailure}),
     *     {@link ErrorKind#FAILED_PRECONDITION} when it was started before
     */
    void start();

    /**
     * Connects to the process' stdio: output from now on, input if the process has stdin. To miss nothing, attach before
     * {@link #start}. Several attachments at once each get all output; inputs are merged.
     *
     * @param withInput whether this attachment may write; the end of its input is the end of the process' input when the
     *     process has {@code stdinOnce}
     */
    Attachment attach(boolean withInput);

    /** Sets the size of the terminal; {@link ErrorKind#FAILED_PRECONDITION} when there is none or the process has ended. */
    void resize(int rows, int columns);

    /** Completes when the process has ended and all its output was delivered to attachments and log. Never fails. */
    CompletionStage<ExitStatus> exited();
}
