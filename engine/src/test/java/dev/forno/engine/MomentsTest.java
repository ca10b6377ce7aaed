package dev.forno.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static Instant parse(String text) {
        return Moments.parse(text, NOW);
    }

    @Test
    void readsWhatDockersClientsSend() {
        assertEquals(NOW.minusSeconds(5400), parse("1h30m"));
        assertEquals(NOW.minusMillis(1500), parse("1.5s"));
        assertEquals(NOW.minusNanos(7_000), parse("7us"));
        assertEquals(Instant.ofEpochSecond(12, 345_000_000), parse("12.345"));
        assertEquals(Instant.ofEpochSecond(-5), parse("-5"));
        assertEquals(Instant.parse("2026-01-02T01:04:05Z"), parse("2026-01-02T03:04:05+02:00"));
        assertEquals(
                LocalDate.of(2026, 1, 2).atStartOfDay(ZoneId.systemDefault()).toInstant(), parse("2026-01-02"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "99999999999999999999",
                "999999999999999999h",
                "1x",
                "2026-13-01",
                "9999999999999-01-01T00:00:00Z",
                "h",
                "1hh"
            })
    void refusesTheRestAsAWrongRequest(String text) {
        assertEquals(
                ErrorKind.INVALID_ARGUMENT,
                assertThrows(FornoException.class, () -> parse(text)).kind());
    }

    @Test
    void refusesSeveralTimes() {
        assertNull(Moments.until(Filters.NONE, NOW));
        Filters two = new Filters(Map.of("until", List.of("1h", "2h")));
        assertEquals(
                "more than one until filter specified",
                assertThrows(FornoException.class, () -> Moments.until(two, NOW))
                        .getMessage());
    }
}
