package dev.forno.engine;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which clients name moments: a duration before now as Go writes it ({@code 24h}, {@code 1h30m}), seconds since
 * 1970 with an optional fraction, RFC 3339, or a date or time of the machine's time zone.
 */
public final class Moments {
    private static final Pattern SECONDS = Pattern.compile("(-?\\d{1,12})(?:\\.(\\d{1,9})\\d*)?");
    private static final Pattern PART =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?|\\.\\d{1,18})(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern DURATION = Pattern.compile("(?:" + PART.pattern() + ")+");
    private static final int MAX_LENGTH = 100;

    /** As long as a duration of Go can be. */
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private Moments() {}

    /** Parses a moment; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Instant parse(String text, Instant now) {
        if (text.length() > MAX_LENGTH) {
            throw invalid(text.substring(0, MAX_LENGTH) + "…", null);
        }
        try {
            if (DURATION.matcher(text).matches()) {
                return now.minus(duration(text));
            }
            Matcher seconds = SECONDS.matcher(text);
            if (seconds.matches()) {
                String fraction = seconds.group(2) == null ? "" : seconds.group(2);
                return Instant.ofEpochSecond(
                        Long.parseLong(seconds.group(1)), Long.parseLong((fraction + "000000000").substring(0, 9)));
            }
            return date(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw invalid(text, e);
        }
    }

    /** The one value of the filter {@code until}, or null without one; several are refused as Docker does. */
    public static @Nullable Instant until(Filters filters, Instant now) {
        List<String> given = filters.get("until");
        if (given.size() > 1) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "more than one until filter specified");
        }
        return given.isEmpty() ? null : parse(given.getFirst(), now);
    }

    private static Instant date(String text) {
        if (text.length() <= 10) {
            return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        }
        return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    }

    private static Duration duration(String text) {
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            throw new ArithmeticException("longer than 292 years");
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1L;
            case "us", "µs", "μs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    private static FornoException invalid(String text, @Nullable Exception cause) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "parse time \"" + text + "\": expected a duration as 24h, Unix seconds, or RFC 3339 as"
                        + " 2026-01-31T12:00:00Z",
                cause);
    }
}
