package dev.forno.cli.calls;

import java.io.IOException;

/** An error that the engine answered. */
public final class EngineException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    EngineException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the object asked for does not exist. */
    public boolean isNotFound() {
        return status == 404;
    }

    /** The message as people see it. */
    public String shown() {
        return "Error response from daemon: " + getMessage();
    }
}
