package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.ProcessList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    @Test
    void takesTheRowsOfTheTask() {
        String output = """
                UID          PID    PPID  C STIME TTY          TIME CMD
                root           1       0  0 03:30 ?        00:00:27 /sbin/init  quiet
                root          42       1  0 03:30 ?        00:00:00 nginx: master process nginx -g daemon off;
                """;
        assertEquals(
                new ProcessList(
                        List.of("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"),
                        List.of(List.of(
                                "root",
                                "42",
                                "1",
                                "0",
                                "03:30",
                                "?",
                                "00:00:00",
                                "nginx: master process nginx -g daemon off;"))),
                ProcessTable.parse(output, Set.of(42, 43)));
    }

    @Test
    void threadsFollowTheirProcess() {
        String output = "PID LWP CMD\n7 - a\n- 7 -\n8 - b\n- 8 -\n";
        assertEquals(
                List.of(List.of("8", "-", "b"), List.of("-", "8", "-")),
                ProcessTable.parse(output, Set.of(8)).rows());
    }

    @Test
    void needsThePid() {
        FornoException e =
                assertThrows(FornoException.class, () -> ProcessTable.parse("USER CMD\nroot x\n", Set.of(1)));
        assertEquals("Couldn't find PID field in ps output", e.getMessage());
    }
}
