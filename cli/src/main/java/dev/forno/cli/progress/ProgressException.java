package dev.forno.cli.progress;

import java.io.IOException;

/** A failure told within a stream of progress messages. */
public final class ProgressException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    ProgressException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** The exit code that comes with it, 0 when none. */
    public int code() {
        return code;
    }
}
