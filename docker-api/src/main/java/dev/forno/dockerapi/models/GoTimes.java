package dev.forno.dockerapi.models;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Moments and spans as Docker writes them. */
public final class GoTimes {
    private static final DateTimeFormatter NINE_DIGITS =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter(Locale.ROOT);
    private static final int DAY = 24;
    private static final int WEEK = 7 * DAY;
    private static final int MONTH = 30 * DAY;
    private static final int YEAR = 365 * DAY;

    private GoTimes() {}

    /** RFC 3339 with as many digits of a second as there are, and the year 1 for "never". */
    public static String rfc3339(@Nullable Instant instant) {
        if (instant == null) {
            return "0001-01-01T00:00:00Z";
        }
        String text = instant.toString();
        int dot = text.indexOf('.');
        if (dot < 0) {
            return text;
        }
        int end = text.length() - 1;
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, end) + "Z";
    }

    /** RFC 3339 with all nine digits of a second, as log lines carry it. */
    public static String rfc3339Nano(Instant instant) {
        return NINE_DIGITS.format(instant);
    }

    /** A span in words: {@code About a minute}. */
    public static String words(Duration span) {
        long seconds = Math.max(span.toSeconds(), 0);
        long minutes = seconds / 60;
        long hours = (seconds + 1800) / 3600;
        if (seconds < 60) {
            return seconds == 0 ? "Less than a second" : seconds == 1 ? "1 second" : seconds + " seconds";
        }
        if (minutes < 60) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        if (hours < 2 * DAY) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        return longWords(hours);
    }

    private static String longWords(long hours) {
        if (hours < 2 * WEEK) {
            return hours / DAY + " days";
        }
        if (hours < 2 * MONTH) {
            return hours / WEEK + " weeks";
        }
        return hours < 2 * YEAR ? hours / MONTH + " months" : hours / YEAR + " years";
    }
}
