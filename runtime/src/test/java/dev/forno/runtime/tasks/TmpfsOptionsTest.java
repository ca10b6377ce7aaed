package dev.forno.runtime.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TmpfsOptionsTest {
    @Test
    void theLastOfSeveralAboutTheSameCounts() {
        assertEquals(
                List.of("nosuid", "nodev", "rprivate", "exec", "nostrictatime", "size=2m"),
                TmpfsOptions.merge(List.of("exec", "strictatime", "size=1m", "", "nostrictatime", "size=2m")));
    }

    @Test
    void knowsWhatATmpfsCanHave() {
        for (String known : List.of("noexec", "nostrictatime", "defaults", "mode=1777", "mpol=bind:0")) {
            assertTrue(TmpfsOptions.isKnown(known), known);
            assertTrue(TmpfsOptions.merge(List.of(known)).contains(known), known);
        }
        for (String unknown : List.of("", "frob", "size", "size=", "=1", "sise=64k", "exec=1")) {
            assertFalse(TmpfsOptions.isKnown(unknown), unknown);
        }
        assertThrows(FornoException.class, () -> TmpfsOptions.merge(List.of("size=")));
    }
}
