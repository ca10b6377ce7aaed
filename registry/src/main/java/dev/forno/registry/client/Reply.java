package dev.forno.registry.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** An answer whose body is read by its receiver; closing gives up what is left of it. */
final class Reply implements AutoCloseable {
    private final Outgoing request;
    private final HttpResponse<InputStream> response;
    private final InputStream body;
    private final Duration stallTimeout;
    private final String remark;

    /** @param stallTimeout for the next bytes of a body that is read as a whole */
    @SuppressWarnings("NullAway") // the answer of a proxy that opens no tunnel comes without any body
    Reply(Outgoing request, HttpResponse<InputStream> response, Duration stallTimeout) {
        this(
                request,
                response,
                response.body() == null ? InputStream.nullInputStream() : response.body(),
                stallTimeout,
                "");
    }

    private Reply(
            Outgoing request,
            HttpResponse<InputStream> response,
            InputStream body,
            Duration stallTimeout,
            String remark) {
        this.request = request;
        this.response = response;
        this.body = body;
        this.stallTimeout = stallTimeout;
        this.remark = remark;
    }

    /** The same answer, and what is to be said where it refuses because it doesn't know who asks. */
    Reply remarked(String text) {
        return new Reply(request, response, body, stallTimeout, text);
    }

    /** What is to be said of a refusal, or the empty string. */
    String remark() {
        return remark;
    }

    /** The request that got this answer, after redirects. */
    Outgoing request() {
        return request;
    }

    int status() {
        return response.statusCode();
    }

    boolean isSuccess() {
        return status() >= 200 && status() < 300;
    }

    HttpHeaders headers() {
        return response.headers();
    }

    Optional<String> header(String name) {
        return headers().firstValue(name);
    }

    /** The Location header, resolved against the request. */
    Optional<URI> location() {
        return header("location").flatMap(text -> {
            try {
                return Optional.of(response.uri().resolve(text));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    /** The media type without parameters, or the empty string. */
    String contentType() {
        String type = header("content-type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    InputStream body() {
        return body;
    }

    /** The whole body, of at most {@code limit} bytes; an exception when nothing more comes of it for too long. */
    byte[] bytes(int limit) throws IOException {
        try (StallGuard guard = new StallGuard(body, stallTimeout)) {
            byte[] bytes = guard.stream().readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new BodyTooLargeException(limit);
            }
            return bytes;
        }
    }

    /** The same with a body that has come as a whole, when it is a success; a refusal as it is. Closes this on failure. */
    Reply whole(int limit) throws IOException {
        if (!isSuccess()) {
            return this;
        }
        try (this) {
            return new Reply(request, response, new ByteArrayInputStream(bytes(limit)), stallTimeout, remark);
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // Nothing is lost: the receiver had what it wanted.
            return;
        }
    }

    /** A body that is larger than its receiver accepts; trying again would not help. */
    static final class BodyTooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        BodyTooLargeException(int limit) {
            super("the body is larger than " + limit + " bytes");
        }
    }
}
