package dev.forno.runtime.tasks;

/** One more process in a container. Not started until {@link #start}; its files are removed when it has ended or on close. */
public interface ExecTask extends TaskProcess, AutoCloseable {
    /** Sends a signal to the process. */
    void kill(int signal);

    /** Forgets the exec: drops its files and attachments. A process that still runs goes on. Idempotent. */
    @Override
    void close();
}
