package dev.forno.cli.options;

/** A command line that cannot be understood; the message says why, the caller adds the usage. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A complaint in the words of the Docker command line. */
    public UsageException(String message) {
        super(message);
    }
}
