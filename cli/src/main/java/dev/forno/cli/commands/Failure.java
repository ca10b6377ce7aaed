package dev.forno.cli.commands;

/** A command that ends with a message and an exit code of its own. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** Ends with a code; an empty message prints nothing. */
    public Failure(int code, String message) {
        super(message);
        this.code = code;
    }

    /** The exit code. */
    public int code() {
        return code;
    }
}
