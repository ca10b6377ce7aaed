package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.oci.Reference;
import dev.forno.registry.documents.ErrorDocument;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns refusals into exceptions, worded as Docker words them: clients match on these texts. */
final class RegistryErrors {
    private static final int MAX_ERROR_BYTES = 64 << 10;
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private RegistryErrors() {}

    /** What a registry complained about: an error code and a message, as {@code MANIFEST_UNKNOWN}, "manifest unknown". */
    record Complaint(String code, String message) {
        @Override
        public String toString() {
            return code.toLowerCase(Locale.ROOT).replace("_", " ") + ": " + message;
        }
    }

    /** For a refusal to give what {@code reference} names: a manifest, or the list of tags. Closes the reply. */
    static FornoException ofReference(Reply reply, Reference reference) {
        try (reply) {
            int status = reply.status();
            Complaint complaint = complaint(reply);
            if (complaint == null) {
                return unexpected(reply);
            }
            return switch (complaint.code()) {
                case "DENIED" ->
                    new FornoException(
                            ErrorKind.NOT_FOUND,
                            "pull access denied for " + reference.familiarName()
                                    + ", repository does not exist or may require 'docker login': " + complaint
                                    + reply.remark());
                case "MANIFEST_UNKNOWN" ->
                    new FornoException(
                            ErrorKind.NOT_FOUND,
                            "manifest for " + reference.familiar() + " not found: " + complaint + reply.remark());
                case "NAME_UNKNOWN" ->
                    new FornoException(
                            ErrorKind.NOT_FOUND,
                            "repository " + reference.familiarName() + " not found: " + complaint + reply.remark());
                default -> new FornoException(kind(status), complaint + comeBack(reply) + remark(reply));
            };
        }
    }

    /** For any other refusal. Closes the reply. */
    static FornoException of(Reply reply) {
        try (reply) {
            Complaint complaint = complaint(reply);
            return complaint == null
                    ? unexpected(reply)
                    : new FornoException(kind(reply.status()), complaint + comeBack(reply) + remark(reply));
        }
    }

    /** What is known of why a registry didn't know who asks: many hide from nobody what only somebody may read. */
    private static String remark(Reply reply) {
        return switch (reply.status()) {
            case 401, 403, 404 -> reply.remark();
            default -> "";
        };
    }

    /** When a registry that is asked too often wants to be asked again. */
    private static String comeBack(Reply reply) {
        String text = reply.header("retry-after").orElse("");
        if (reply.status() != 429 || text.isEmpty()) {
            return "";
        }
        long seconds = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
        String when = seconds < 0
                ? "after " + bounded(text)
                : seconds < 120
                        ? "in " + seconds + " s"
                        : seconds < 7200 ? "in " + seconds / 60 + " min" : "in " + seconds / 3600 + " h";
        return "; the registry asks to come back " + when;
    }

    private static @Nullable Complaint complaint(Reply reply) {
        for (Challenge challenge : Challenge.of(reply.headers())) {
            String code = challenge.scheme().equals("bearer")
                    ? switch (challenge.parameter("error")) {
                        case "insufficient_scope" -> "DENIED";
                        case "invalid_token" -> "UNAUTHORIZED";
                        default -> "";
                    }
                    : "";
            if (!code.isEmpty()) {
                return withText(code, challenge.parameter("error_description"));
            }
        }
        ErrorDocument document = document(reply);
        List<ErrorDocument.Entry> errors = document.errors();
        if (errors != null && !errors.isEmpty() && errors.getFirst().code() != null) {
            String message = errors.getFirst().message();
            return withText(errors.getFirst().code(), message == null ? "" : message);
        }
        String text = document.details() == null ? document.message() : document.details();
        return switch (reply.status()) {
            case 401 -> withText("UNAUTHORIZED", text == null ? "" : text);
            case 403 -> withText("DENIED", text == null ? "" : text);
            case 404 ->
                missing(reply.request())
                        .map(code -> withText(code, text == null ? "" : text))
                        .orElse(null);
            case 429 -> withText("TOOMANYREQUESTS", text == null ? "" : text);
            default -> null;
        };
    }

    /** The code for what isn't there, when the request tells. */
    private static Optional<String> missing(Outgoing request) {
        String path = String.valueOf(request.uri().getPath());
        if (!request.readsOnly()) {
            return Optional.empty();
        }
        if (path.contains("/manifests/")) {
            return Optional.of("MANIFEST_UNKNOWN");
        }
        return path.endsWith("/tags/list") ? Optional.of("NAME_UNKNOWN") : Optional.empty();
    }

    private static ErrorDocument document(Reply reply) {
        try {
            byte[] body = reply.bytes(MAX_ERROR_BYTES);
            if (body.length > 0 && body[0] == '{') {
                ErrorDocument document = JSONB.type(ErrorDocument.class).fromJson(body);
                if (document != null) {
                    return document;
                }
            }
        } catch (IOException | RuntimeException e) {
            // An unreadable explanation leaves the status to explain itself.
            return new ErrorDocument(null, null, null);
        }
        return new ErrorDocument(null, null, null);
    }

    private static Complaint withText(String code, String message) {
        if (!message.isEmpty()) {
            return new Complaint(code, bounded(message));
        }
        return new Complaint(
                code,
                switch (code) {
                    case "UNAUTHORIZED" -> "authentication required";
                    case "DENIED" -> "requested access to the resource is denied";
                    case "MANIFEST_UNKNOWN" -> "manifest unknown";
                    case "NAME_UNKNOWN" -> "repository name not known to registry";
                    case "BLOB_UNKNOWN" -> "blob unknown to registry";
                    case "TOOMANYREQUESTS" -> "too many requests";
                    default -> "unknown error";
                });
    }

    private static String bounded(String text) {
        return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
    }

    private static FornoException unexpected(Reply reply) {
        Outgoing request = reply.request();
        if (reply.status() == 407) {
            return new FornoException(
                    ErrorKind.UNAUTHENTICATED,
                    request.quoted() + ": the proxy asks for a name and a password; HTTPS_PROXY and HTTP_PROXY of the"
                            + " engine's environment may hold them");
        }
        return new FornoException(
                kind(reply.status()),
                "unexpected status from " + request.method() + " request to " + Outgoing.shown(request.uri()) + ": "
                        + reply.status() + remark(reply));
    }

    private static ErrorKind kind(int status) {
        return switch (status) {
            case 401 -> ErrorKind.UNAUTHENTICATED;
            case 403 -> ErrorKind.PERMISSION_DENIED;
            case 404 -> ErrorKind.NOT_FOUND;
            case 400, 405, 413, 416 -> ErrorKind.INVALID_ARGUMENT;
            default -> ErrorKind.UNAVAILABLE;
        };
    }
}
