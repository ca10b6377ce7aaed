package dev.forno.build.dockerfile;

import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Docker's files write them: {@code 1h30m}, {@code 1.5s}, {@code 300ms}. */
final class GoDurations {
    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final Pattern PART =
            Pattern.compile("(\\d{1,19}(?:\\.\\d{0,19})?|\\.\\d{1,19})(ns|us|µs|μs|ms|s|m|h)");
    private static final BigDecimal LIMIT = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDurations() {}

    /** Nanoseconds; empty for anything that isn't a duration of at most 292 years. */
    static OptionalLong parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return OptionalLong.of(0);
        }
        Matcher m = PART.matcher(rest);
        BigDecimal total = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            if (!m.find(at) || m.start() != at) {
                return OptionalLong.empty();
            }
            total = total.add(
                    new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(m.group(2), 0L))));
            at = m.end();
        }
        if (at == 0 || total.compareTo(LIMIT) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(negative ? -total.longValue() : total.longValue());
    }
}
