package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;

/** Tries again what a network or an overloaded registry let fail. Immutable. */
final class Retries {
    private final int attempts;
    private final Patience patience;

    Retries(Patience patience) {
        attempts = Math.max(1, patience.attempts());
        this.patience = patience;
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
                if (i >= attempts || !mayPass(reply)) {
                    return reply;
                }
                pauseFor(reply, i);
            } catch (IOException e) {
                afterFailure(request, i, e);
            }
        }
    }

    /** As {@link #run}, but what is no answer at all is for the caller to judge. */
    Reply answered(Attempt attempt) throws IOException {
        for (int i = 1; ; i++) {
            Reply reply = attempt.run();
            if (i >= attempts || !mayPass(reply)) {
                return reply;
            }
            pauseFor(reply, i);
        }
    }

    private void pauseFor(Reply refusal, int attempt) {
        Duration asked = retryAfter(refusal);
        refusal.close();
        pause(attempt, asked);
    }

    /** As {@link #run}, with the body of a successful answer read in the attempt, of at most {@code limit} bytes. */
    Reply runWhole(Outgoing request, int limit, Attempt attempt) {
        return run(request, () -> attempt.run().whole(limit));
    }

    /** Whether a refusal is a passing one, for no longer than is waited. */
    boolean mayPass(Reply reply) {
        return isPassing(reply.status()) && retryAfter(reply).compareTo(patience.longestDelay()) <= 0;
    }

    /** Whether a failure is one of the moment. */
    static boolean mayPass(IOException failure) {
        return !(failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLHandshakeException
                || failure instanceof Reply.BodyTooLargeException);
    }

    /** Returns after a pause when another attempt makes sense, else throws. */
    void afterFailure(Outgoing request, int attempt, IOException failure) {
        if (Thread.currentThread().isInterrupted()) {
            throw new FornoException(ErrorKind.CANCELLED, request.quoted() + ": cancelled", failure);
        }
        if (attempt >= attempts || !mayPass(failure)) {
            throw unreachable(request, failure);
        }
        pause(attempt, Duration.ZERO);
    }

    int attempts() {
        return attempts;
    }

    /** Sleeps before the attempt after {@code attempt}, at least {@code asked}. */
    void pause(int attempt, Duration asked) {
        Duration own = patience.retryDelay().multipliedBy(1L << Math.min(attempt - 1, 10));
        if (own.compareTo(patience.longestDelay()) > 0) {
            own = patience.longestDelay();
        }
        // Between half and the whole of it, so that many clients don't come back at the same time.
        long nanos = own.toNanos();
        Duration varied =
                Duration.ofNanos(nanos / 2 + (nanos < 2 ? 0 : patience.random().nextLong(nanos / 2 + 1)));
        try {
            patience.pause().sleep(varied.compareTo(asked) > 0 ? varied : asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "wait for a registry: cancelled", e);
        }
    }

    static boolean isPassing(int status) {
        return switch (status) {
            case 408, 425, 429, 500, 502, 503, 504 -> true;
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
            case SSLHandshakeException e -> "tls: " + tlsReason(e);
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

    /** Docker's words for a certificate of nobody known, with the remedy. */
    private static String tlsReason(SSLHandshakeException failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("unable to find valid certification path")
                ? "failed to verify certificate: x509: certificate signed by unknown authority"
                : "failed to verify certificate or to be accepted: " + text;
    }

    /** How long an answer asks to be left alone. */
    Duration retryAfter(Reply reply) {
        String text = reply.header("retry-after").orElse("").strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(patience.clock().instant(), until);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
