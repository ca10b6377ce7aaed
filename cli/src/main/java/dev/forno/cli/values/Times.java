package dev.forno.cli.values;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Moments: what {@code --since} and {@code --until} accept, and how lists print them. */
public final class Times {
    private static final DateTimeFormatter GO = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss Z z", Locale.ROOT);

    private Times() {}

    /**
     * Seconds with nanoseconds since the epoch for the API: from a number, a duration before now, or an RFC 3339 time
     * whose less important parts may be missing.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static String moment(String text, Instant now, ZoneId zone) {
        if (text.matches("[0-9]+(\\.[0-9]+)?")) {
            return text;
        }
        Duration before = Durations.parse(text);
        if (before != null) {
            return format(now.minus(before));
        }
        try {
            return format(parse(text, zone));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("failed to parse value as time or duration: \"" + text + "\"", e);
        }
    }

    private static Instant parse(String text, ZoneId zone) {
        if (text.matches(".*T.*(Z|[+-][0-9]{2}:[0-9]{2})")) {
            return OffsetDateTime.parse(text).toInstant();
        }
        String full = text.indexOf('T') < 0 ? text + "T00:00:00" : text;
        return LocalDateTime.parse(full).atZone(zone).toInstant();
    }

    private static String format(Instant time) {
        return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
    }

    /** A time of the API, or the epoch's year 1 when absent or unset. */
    public static Instant parse(String text) {
        return text.isEmpty()
                ? Instant.parse("0001-01-01T00:00:00Z")
                : OffsetDateTime.parse(text).toInstant();
    }

    /** Go's default print: {@code 2026-11-22 03:49:01 +0000 UTC}. */
    public static String go(Instant time, ZoneId zone) {
        return GO.format(time.atZone(zone));
    }

    /** How long ago, in words: {@code 6 minutes ago}. */
    public static String ago(Instant time, Instant now) {
        return Durations.words(Duration.between(time, now)) + " ago";
    }
}
