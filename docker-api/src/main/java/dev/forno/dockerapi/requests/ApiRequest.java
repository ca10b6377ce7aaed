package dev.forno.dockerapi.requests;

import dev.forno.dockerapi.models.Json;
import dev.forno.engine.Filters;
import dev.forno.engine.Moments;
import dev.forno.http.server.Request;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request in the API's terms: its version and its parameters as Docker reads them. */
public final class ApiRequest {
    private static final int JSON_LIMIT = 4 << 20;
    private static final Set<String> FALSE = Set.of("", "0", "no", "false", "none");

    private final Request request;
    private final ApiVersion version;

    /** Wraps {@code request}. */
    public ApiRequest(Request request, ApiVersion version) {
        this.request = request;
        this.version = version;
    }

    /** The version that the client speaks. */
    public ApiVersion version() {
        return version;
    }

    /** A named part of the path. */
    public String path(String name) {
        return request.pathParameter(name);
    }

    /** A query parameter, or the empty string. */
    public String text(String name) {
        return request.query().text(name);
    }

    /** A query parameter, or null when it is absent or empty. */
    public @Nullable String textOrNull(String name) {
        String value = text(name);
        return value.isEmpty() ? null : value;
    }

    /** All values of a query parameter. */
    public List<String> texts(String name) {
        return request.query().all(name);
    }

    /** A boolean query parameter: everything but {@code 0}, {@code no}, {@code false}, {@code none} and nothing is true. */
    public boolean flag(String name) {
        return !FALSE.contains(text(name).strip().toLowerCase(Locale.ROOT));
    }

    /** As {@link #flag(String)}, with a value for an absent parameter. */
    public boolean flag(String name, boolean whenAbsent) {
        return request.query().first(name).isPresent() ? flag(name) : whenAbsent;
    }

    /** A whole number, or null when the parameter is absent or empty. */
    public @Nullable Long number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "parse " + name + ": \"" + value + "\" is not a whole number", e);
        }
    }

    /** As {@link #number}, with a value for an absent parameter. */
    public long number(String name, long whenAbsent) {
        Long value = number(name);
        return value == null ? whenAbsent : value;
    }

    /** A moment in any form that {@link Moments} knows, or null. */
    public @Nullable Instant instant(String name, boolean zeroIsNone) {
        String value = text(name);
        return value.isEmpty() || (zeroIsNone && value.equals("0")) ? null : Moments.parse(value, Instant.now());
    }

    /** Whether a removal is only to say what it would remove: Forno's own parameter {@code dry-run}. */
    public boolean isDry() {
        return flag("dry-run");
    }

    /** The {@code filters} parameter. */
    public Filters filters() {
        return FilterText.parse(text("filters"));
    }

    /** A header. */
    public Optional<String> header(String name) {
        return request.header(name);
    }

    /** The body as a stream. */
    public InputStream body() {
        return request.body();
    }

    /** The body as a JSON document, which must be there; throws {@link ErrorKind#INVALID_ARGUMENT} when it is malformed. */
    public <T> T json(Class<T> type) throws IOException {
        return Json.read(jsonBytes(), type);
    }

    /** The body as a JSON document, or {@code whenEmpty} without one. */
    public <T> T json(Class<T> type, T whenEmpty) throws IOException {
        T document = jsonOrNull(type);
        return document == null ? whenEmpty : document;
    }

    /** The body as a JSON document, or null when there is none or it is JSON's {@code null}. */
    public <T> @Nullable T jsonOrNull(Class<T> type) throws IOException {
        byte[] bytes = request.bytes(JSON_LIMIT);
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        return text.isEmpty() || text.equals("null") ? null : Json.read(bytes, type);
    }

    /** The bytes of a JSON body that must be there. */
    public byte[] jsonBytes() throws IOException {
        String contentType = header("Content-Type").orElse("").strip();
        byte[] bytes = request.bytes(JSON_LIMIT);
        String mediaType = contentType.split(";", 2)[0].strip();
        if (bytes.length > 0 && !mediaType.isEmpty() && !mediaType.equalsIgnoreCase("application/json")) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "unsupported Content-Type header (" + contentType + "): must be 'application/json'");
        }
        if (bytes.length == 0) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid JSON: got EOF while reading request body");
        }
        return bytes;
    }
}
