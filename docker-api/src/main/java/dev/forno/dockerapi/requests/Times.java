package dev.forno.dockerapi.requests;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms in which clients send moments. */
public final class Times {
    private static final Pattern SECONDS = Pattern.compile("(-?\\d{1,12})(?:\\.(\\d{1,9})\\d*)?");

    private Times() {}

    /** Parses Unix seconds with an optional fraction, or RFC 3339; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Instant parse(String text) {
        Matcher seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            String fraction = seconds.group(2) == null ? "" : seconds.group(2);
            long nanos = fraction.isEmpty() ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
            return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), nanos);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "parse time \"" + text + "\": expected Unix seconds or RFC 3339, as 2026-01-31T12:00:00Z",
                    e);
        }
    }
}
