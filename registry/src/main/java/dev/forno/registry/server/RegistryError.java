package dev.forno.registry.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A refusal in the words of the distribution specification. */
final class RegistryError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int status;
    private final transient List<String> details;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    RegistryError(ErrorCode code, String message) {
        this(code, code.status(), message);
    }

    RegistryError(ErrorCode code, int status, String message) {
        this(code, status, message, List.of());
    }

    /** With the digests or names that the refusal is about, each told as an error of its own. */
    RegistryError(ErrorCode code, int status, String message, List<String> details) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.details = List.copyOf(details);
    }

    RegistryError with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    ErrorCode code() {
        return code;
    }

    int status() {
        return status;
    }

    List<String> details() {
        return details;
    }

    Map<String, String> headers() {
        return headers;
    }
}
