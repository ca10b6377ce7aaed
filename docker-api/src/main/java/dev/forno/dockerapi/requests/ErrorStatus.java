package dev.forno.dockerapi.requests;

import dev.forno.http.server.StatusException;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;

/** The one table from the engine's error kinds to HTTP statuses. */
public final class ErrorStatus {
    private ErrorStatus() {}

    /** The status of a kind. */
    public static int of(ErrorKind kind) {
        return switch (kind) {
            case NOT_MODIFIED -> 304;
            case INVALID_ARGUMENT -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, CONFLICT, FAILED_PRECONDITION -> 409;
            case CANCELLED, DATA_LOSS, INTERNAL, RESOURCE_EXHAUSTED -> 500;
            case NOT_IMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
        };
    }

    /** The status of anything that a handler may throw. */
    public static int of(Throwable failure) {
        return switch (failure) {
            case FornoException known -> of(known.kind());
            case StatusException refused -> refused.status();
            default -> 500;
        };
    }

    /** The text that a client sees: never empty. */
    public static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }
}
