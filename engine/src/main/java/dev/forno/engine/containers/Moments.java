package dev.forno.engine.containers;

import dev.forno.engine.Filters;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The filter {@code until}: a time (RFC 3339, local date or date and time, seconds since 1970) or a duration back from now.
 *
 * @param until only what is older, or null for everything
 */
record Moments(@Nullable Instant until) {
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?");
    private static final Pattern DURATION = Pattern.compile("(\\d+(\\.\\d+)?(h|m|s|ms))+");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s)");

    static Moments of(Filters filters, InstantSource clock) {
        List<String> given = filters.get("until");
        if (given.size() > 1) {
            throw OptionChecks.invalid("more than one until filter specified");
        }
        return new Moments(given.isEmpty() ? null : parse(given.getFirst(), clock));
    }

    boolean accepts(Instant moment) {
        return until == null || moment.isBefore(until);
    }

    private static Instant parse(String text, InstantSource clock) {
        Matcher seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            String nanos = seconds.group(2) == null ? "0" : (seconds.group(2) + "000000000").substring(0, 9);
            return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), Long.parseLong(nanos));
        }
        if (DURATION.matcher(text).matches()) {
            return clock.instant().minus(duration(text));
        }
        try {
            if (text.length() <= 10) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant();
            }
            return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw OptionChecks.invalid("failed to parse value as time or duration: \"" + text + "\"");
        }
    }

    private static Duration duration(String text) {
        double seconds = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            double unit =
                    switch (part.group(2)) {
                        case "h" -> 3600;
                        case "m" -> 60;
                        case "ms" -> 0.001;
                        default -> 1;
                    };
            seconds += Double.parseDouble(part.group(1)) * unit;
        }
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
