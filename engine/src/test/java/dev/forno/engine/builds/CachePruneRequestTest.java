package dev.forno.engine.builds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.Filters;
import dev.forno.engine.builds.CachePruneRequest.Space;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CachePruneRequestTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static CacheRecord cached(boolean inUse, boolean shared) {
        return new CacheRecord(
                "abcdef", "parent", "RUN true", 10, NOW.minusSeconds(100), NOW.minusSeconds(50), 1, inUse, shared);
    }

    private static boolean takes(boolean all, Map<String, List<String>> filters, CacheRecord cached) {
        return CachePruneRequest.of(all, new Filters(filters), Space.ANY, NOW).takes(cached);
    }

    @Test
    void takesWhatIsNeitherUsedNorShared() {
        assertTrue(takes(false, Map.of(), cached(false, false)));
        assertFalse(takes(false, Map.of(), cached(false, true)));
        assertTrue(takes(true, Map.of(), cached(false, true)));
        assertFalse(takes(true, Map.of(), cached(true, false)));
    }

    @Test
    void takesWhatEveryFilterAccepts() {
        CacheRecord own = cached(false, false);
        assertTrue(takes(false, Map.of("id", List.of("bcd")), own));
        assertFalse(takes(false, Map.of("id", List.of("xyz")), own));
        assertTrue(takes(false, Map.of("until", List.of("10s")), own));
        assertFalse(takes(false, Map.of("until", List.of("60s")), own));
        assertTrue(takes(false, Map.of("type", List.of("regular"), "description", List.of("RUN true")), own));
        assertFalse(takes(false, Map.of("type", List.of("source.local")), own));
        assertFalse(takes(false, Map.of("parent", List.of("other")), own));
        assertTrue(takes(false, Map.of("private", List.of()), own));
        assertFalse(takes(true, Map.of("private", List.of()), cached(false, true)));
        assertTrue(takes(true, Map.of("shared", List.of("true")), cached(false, true)));
        assertFalse(takes(true, Map.of("inuse", List.of()), own));
        assertFalse(takes(true, Map.of("label", List.of("keep")), own), "records carry no labels");
        assertTrue(takes(true, Map.of("label!", List.of("keep")), own));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        for (Map<String, List<String>> wrong : List.of(
                Map.of("dangling", List.of("true")),
                Map.of("until", List.of("1h"), "unused-for", List.of("1h")),
                Map.of("id", List.of("a", "b")),
                Map.of("until", List.of("soon")))) {
            assertEquals(
                    ErrorKind.INVALID_ARGUMENT,
                    assertThrows(
                                    FornoException.class,
                                    () -> CachePruneRequest.of(false, new Filters(wrong), Space.ANY, NOW),
                                    wrong::toString)
                            .kind());
        }
        assertThrows(FornoException.class, () -> new Space(-1, 0, 0));
    }

    @Test
    void keepsAsMuchAsTheBoundsAllow() {
        assertEquals(0, Space.ANY.kept(100, 1000));
        assertEquals(30, new Space(30, 0, 0).kept(100, 1000));
        assertEquals(60, new Space(0, 60, 0).kept(100, 1000));
        assertEquals(60, new Space(30, 60, 0).kept(100, 1000));
        assertEquals(100, new Space(0, 0, 500).kept(100, 1000), "enough is free");
        assertEquals(80, new Space(0, 0, 1020).kept(100, 1000));
        assertEquals(60, new Space(0, 60, 1020).kept(100, 1000));
        assertEquals(50, new Space(50, 60, 2000).kept(100, 1000), "what is reserved stays");
    }
}
