package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;

/** Tries again what a network or an overloaded registry let fail. Immutable. */
final class Retries {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final int attempts;
    private final Duration delay;

    Retries(RegistryOptions options) {
        this(Math.max(1, options.attempts()), options.retryDelay());
    }

    private Retries(int attempts, Duration delay) {
        this.attempts = attempts;
        this.delay = delay;
    }

    /** No second attempt. */
    Retries once() {
        return new Retries(1, delay);
    }

    /** One attempt at an exchange. */
    @FunctionalInterface
    interface Attempt {
        Reply run() throws IOException;
    }

    /** The first answer that isn't a passing failure, or the last one. */
    Reply run(Outgoing request, Attempt attempt) {
        for (int i = 1; ; i++) {
            try {
                Reply reply = attempt.run();
                if (!isPassing(reply.status()) || i >= attempts) {
                    return reply;
                }
                Duration asked = retryAfter(reply);
                reply.close();
                pause(i, asked);
            } catch (IOException e) {
                afterFailure(request, i, e);
            }
        }
    }

    /** Returns after a pause when another attempt makes sense, else throws. */
    void afterFailure(Outgoing request, int attempt, IOException failure) {
        if (Thread.currentThread().isInterrupted()) {
            throw new FornoException(ErrorKind.CANCELLED, request.quoted() + ": cancelled", failure);
        }
        boolean passing = !(failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLHandshakeException
                || failure instanceof Reply.BodyTooLargeException);
        if (attempt >= attempts || !passing) {
            throw unreachable(request, failure);
        }
        pause(attempt, Duration.ZERO);
    }

    int attempts() {
        return attempts;
    }

    /** Sleeps before the attempt after {@code attempt}, at least {@code asked}. */
    void pause(int attempt, Duration asked) {
        Duration own = delay.multipliedBy(1L << Math.min(attempt - 1, 10));
        Duration wanted = own.compareTo(asked) > 0 ? own : asked;
        try {
            Thread.sleep(wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "wait for a registry: cancelled", e);
        }
    }

    static boolean isPassing(int status) {
        return switch (status) {
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** An I/O failure in words, close to those of Docker's. */
    static FornoException unreachable(Outgoing request, IOException failure) {
        return new FornoException(ErrorKind.UNAVAILABLE, request.quoted() + ": " + reason(request, failure), failure);
    }

    private static String reason(Outgoing request, IOException failure) {
        String host = request.uri().getAuthority();
        return switch (failure) {
            case HttpConnectTimeoutException e -> "dial tcp " + host + ": i/o timeout";
            case HttpTimeoutException e -> "timeout awaiting response headers";
            case ConnectException e -> {
                String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
                boolean unresolved = e.getCause() instanceof java.nio.channels.UnresolvedAddressException
                        || (e.getCause() != null
                                && e.getCause().getCause() instanceof java.nio.channels.UnresolvedAddressException);
                yield unresolved
                        ? "dial tcp: lookup " + request.uri().getHost() + ": no such host"
                        : "dial tcp " + host + ": connect: " + (text.equals("null") ? "connection refused" : text);
            }
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    private static Duration retryAfter(Reply reply) {
        return reply.header("retry-after")
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }
}
