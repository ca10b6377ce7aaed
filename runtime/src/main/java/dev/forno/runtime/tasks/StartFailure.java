package dev.forno.runtime.tasks;

import dev.forno.oci.FornoException;

/** The cause of a {@link FornoException} for a command that can't be run, with the exit code that shells give it. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** For the OCI runtime's driver. */
    public StartFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** 127 when the command was not found, 126 when it can't be executed, 128 for any other failure to start. */
    public int exitCode() {
        return exitCode;
    }

    /** The exit code for a failed create or start: that of the {@link StartFailure} behind it, or 128. */
    public static int exitCodeOf(FornoException e) {
        return e.getCause() instanceof StartFailure failure ? failure.exitCode() : 128;
    }
}
