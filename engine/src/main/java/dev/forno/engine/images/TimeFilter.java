package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the times of {@code until} filters: a duration before now ({@code 24h}, {@code 1h30m}), a date, or Unix seconds. */
final class TimeFilter {
    private static final Pattern UNIX = Pattern.compile("([0-9]{1,12})(?:\\.([0-9]{1,9}))?");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");
    private static final Pattern DURATION = Pattern.compile("(?:" + PART.pattern() + ")+");

    private TimeFilter() {}

    static Instant parse(String text, Instant now) {
        if (DURATION.matcher(text).matches()) {
            return now.minus(duration(text));
        }
        Matcher unix = UNIX.matcher(text);
        if (unix.matches()) {
            String nanos = unix.group(2) == null ? "" : unix.group(2);
            return Instant.ofEpochSecond(
                    Long.parseLong(unix.group(1)), Long.parseLong((nanos + "000000000").substring(0, 9)));
        }
        try {
            if (text.length() <= 10) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            boolean zoned = text.endsWith("Z") || text.substring(11).matches(".*[+-].*");
            return zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "failed to parse time: " + text, e);
        }
    }

    private static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long unit =
                    switch (part.group(2)) {
                        case "ns" -> 1L;
                        case "us", "µs" -> 1_000L;
                        case "ms" -> 1_000_000L;
                        case "s" -> 1_000_000_000L;
                        case "m" -> 60_000_000_000L;
                        default -> 3_600_000_000_000L;
                    };
            sum = sum.plusNanos(Math.round(Double.parseDouble(part.group(1)) * unit));
        }
        return sum;
    }
}
