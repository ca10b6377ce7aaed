package dev.forno.registry.faults;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** One way in which a registry, or the network before it, misbehaves. Byte counts are those of the body. */
public sealed interface Fault {
    /** The connection is reset before the registry is asked. */
    record Reset() implements Fault {}

    /** The connection is reset after so many bytes of the answer. */
    record ResetAfter(long bytes) implements Fault {}

    /** The answer ends, in good order but too early, after so many bytes. */
    record Truncate(long bytes) implements Fault {}

    /** After so many bytes of the answer nothing more comes until the client goes away. */
    record Stall(long bytes) implements Fault {}

    /** The bits of one byte of the answer are flipped. */
    record Corrupt(long position) implements Fault {}

    /** This is answered instead of what the registry would say. */
    record Answer(int status, Map<String, String> headers, String body) implements Fault {}

    /** The registry doesn't see that a range was asked for. */
    record IgnoreRange() implements Fault {}

    /** An answer gets other headers; an empty value takes the header away. */
    record Headers(Map<String, String> values) implements Fault {}

    /** The client is sent to the same path at another origin. */
    record Redirect(URI origin) implements Fault {}

    /** The answer comes in pieces of so many bytes with pauses between them. */
    record Slow(int bytes, Duration pause) implements Fault {}

    /** The connection is reset after so many bytes of the request have reached the registry; shorter ones pass. */
    record ResetUpload(long bytes) implements Fault {}

    /** After so many bytes of the request nothing more reaches the registry, which waits until the client goes away. */
    record StallUpload(long bytes) implements Fault {}

    /** This status is answered after so many bytes of the request, and the connection is reset. */
    record RefuseUpload(int status, long bytes) implements Fault {}

    /** The registry does what it was asked, but its answer is lost: the connection is reset. */
    record LoseAnswer() implements Fault {}

    /** A refusal with a status alone. */
    static Fault status(int status) {
        return new Answer(status, Map.of(), "");
    }

    /** A refusal that asks to come back after some seconds. */
    static Fault retryAfter(int status, Duration pause) {
        return new Answer(status, Map.of("Retry-After", Long.toString(pause.toSeconds())), "");
    }

    /** A refusal that asks to come back at a time. */
    static Fault retryAt(int status, Instant time) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
        return new Answer(status, Map.of("Retry-After", date), "");
    }

    /** An answer that says to hold other bytes than were asked for. */
    static Fault wrongRange(String contentRange) {
        return new Headers(Map.of("Content-Range", contentRange));
    }

    /** An answer that promises a digest. */
    static Fault digest(String digest) {
        return new Headers(Map.of("Docker-Content-Digest", digest));
    }
}
