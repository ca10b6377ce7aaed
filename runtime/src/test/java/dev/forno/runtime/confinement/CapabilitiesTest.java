package dev.forno.runtime.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final List<String> ALL = Capabilities.ofMask((1L << 41) - 1);

    private static List<String> of(List<String> add, List<String> drop) {
        return Capabilities.of(ALL, false, add, drop);
    }

    @Test
    void theMaskIsTheKernels() {
        assertEquals(41, ALL.size());
        assertEquals(
                List.of("CAP_CHOWN", "CAP_NET_ADMIN", "CAP_CHECKPOINT_RESTORE"),
                Capabilities.ofMask(1 | 1 << 12 | 1L << 40));
        long mask = 0;
        for (String name : Capabilities.DEFAULT) {
            mask |= 1L << ALL.indexOf(name);
        }
        assertEquals(0xa80425fbL, mask);
    }

    @Test
    void addsAndDropsWithAndWithoutPrefix() {
        assertEquals(Capabilities.DEFAULT, of(List.of(), List.of()));
        List<String> some = of(List.of("net_admin", "CAP_SYS_TIME"), List.of("CHOWN", "cap_kill"));
        assertTrue(some.containsAll(List.of("CAP_NET_ADMIN", "CAP_SYS_TIME")));
        assertFalse(some.contains("CAP_CHOWN"));
        assertEquals(14, some.size());
        assertEquals(
                Capabilities.DEFAULT,
                of(List.of("CHOWN"), List.of()).stream()
                        .sorted((a, b) -> Capabilities.DEFAULT.indexOf(a) - Capabilities.DEFAULT.indexOf(b))
                        .toList());
    }

    @Test
    void allMeansAll() {
        assertEquals(List.of("CAP_NET_RAW"), of(List.of("NET_RAW"), List.of("ALL")));
        assertEquals(List.of(), of(List.of(), List.of("all")));
        assertEquals(40, of(List.of("ALL"), List.of("MKNOD")).size());
        assertEquals(ALL, Capabilities.of(ALL, true, List.of(), List.of("ALL")));
    }

    @Test
    void refusesUnknownAndUnavailable() {
        FornoException unknown = assertThrows(FornoException.class, () -> of(List.of("FLY"), List.of()));
        assertEquals("invalid capability: unknown capability: \"CAP_FLY\"", unknown.getMessage());
        FornoException missing = assertThrows(
                FornoException.class, () -> Capabilities.of(List.of("CAP_CHOWN"), false, List.of("BPF"), List.of()));
        assertEquals(ErrorKind.INVALID_ARGUMENT, missing.kind());
        assertEquals(List.of("CAP_CHOWN"), Capabilities.of(List.of("CAP_CHOWN"), false, List.of(), List.of()));
    }
}
