package dev.forno.store.archives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DirectoryTimesTest {
    private static final String LONG = "x".repeat(100_000);

    private final DirectoryTimes times = new DirectoryTimes(1_000_000);

    @Test
    void whatLinksMakeLongIsRefusedBeforeItFillsTheHeap() {
        FornoException e = assertThrows(FornoException.class, () -> {
            for (int i = 0; i < 10; i++) {
                times.described(LONG + "/d" + i, Instant.EPOCH);
            }
        });
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(
                e.getMessage().endsWith("give the engine a larger heap")
                        && e.getMessage().length() < 300,
                e.getMessage());
        times.removed(LONG);
        times.implied(List.of(LONG + "/1", LONG + "/2", LONG + "/3", LONG + "/4"));
        assertThrows(FornoException.class, () -> times.implied(List.of(LONG + "/5")));
    }

    @Test
    void onlyWhatIsThereCounts() {
        for (int i = 0; i < 100; i++) {
            times.implied(List.of(LONG, LONG + "/d"));
            times.described(LONG, Instant.EPOCH);
            times.described(LONG + "0", Instant.EPOCH);
            times.removed(LONG);
        }
        assertEquals(Set.of(), times.implied());
        times.implied(List.of("a"));
        assertEquals(Set.of("a"), times.implied());
    }
}
