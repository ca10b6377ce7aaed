package dev.forno.http.server;

/** A request that the plumbing itself refuses: too large, cut off, malformed. */
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Creates a refusal with the HTTP status that tells it. */
    public StatusException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
