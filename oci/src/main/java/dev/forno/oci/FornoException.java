package dev.forno.oci;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one unchecked exception of the engine. Its message reads <em>verb object: reason</em> and names the remedy where
 * there is one; its {@link #kind()} decides the HTTP status, gRPC code or exit code.
 */
public final class FornoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    /** Creates an exception with no underlying cause. */
    public FornoException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    /** Creates an exception; {@code cause} is kept for logs and never shown to clients. */
    public FornoException(ErrorKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind);
    }

    /** The class of failure. */
    public ErrorKind kind() {
        return kind;
    }

    /** The message, which is never null here. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), kind.name());
    }
}
