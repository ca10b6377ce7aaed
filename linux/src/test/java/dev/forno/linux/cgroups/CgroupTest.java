package dev.forno.linux.cgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.processes.ChildProcess;
import dev.forno.linux.processes.Spawn;
import dev.forno.linux.sockets.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CgroupTest {
    private static final String CONTROLLER = "pids";

    private final Cgroup group = new Cgroup(
            CgroupVersion.detect(),
            "/forno-cgroup-test-" + ProcessHandle.current().pid());

    @AfterEach
    void leavesNothing() throws IOException {
        assertTrue(group.remove());
    }

    @Test
    void tellsItsProcessesAndGoesWithItsChildren() throws Exception {
        Path child = group.directory(CONTROLLER).resolve("below");
        Files.createDirectories(child);
        assertEquals(List.of(), group.processes());
        try (Pipe input = Pipe.open()) {
            ChildProcess cat = Spawn.start(List.of("/bin/cat"), List.of(), Path.of("/"), Map.of(0, input.readEnd()));
            Files.writeString(child.resolve("cgroup.procs"), Integer.toString(cat.pid()));
            assertEquals(List.of(cat.pid()), group.processes());
            assertFalse(group.remove(), "it has a process");
            input.closeWrite();
            assertEquals(0, cat.exited().get());
        }
        group.removeIfEmpty();
        assertTrue(Files.exists(group.directory(CONTROLLER)), "it has a child");
        assertTrue(group.remove());
        assertFalse(Files.exists(group.directory(CONTROLLER)));
        assertTrue(group.remove());
    }

    @Test
    void readsNumbersAndKeys() throws IOException {
        Files.createDirectories(group.directory(CONTROLLER));
        Files.writeString(group.directory(CONTROLLER).resolve("pids.max"), "17");
        assertEquals(17, group.number(CONTROLLER, "pids.max").orElseThrow());
        Files.writeString(group.directory(CONTROLLER).resolve("pids.max"), "max");
        assertTrue(group.number(CONTROLLER, "pids.max").isEmpty());
        assertEquals(0, group.keyed(CONTROLLER, "pids.events", "max").orElseThrow());
        assertTrue(group.read(CONTROLLER, "no.such").isEmpty());
        assertEquals(Long.MAX_VALUE, Cgroup.parse("18446744073709551615"));
    }

    @Test
    void refusesPathsThatLeadElsewhere() {
        for (String path : List.of("x", "/", "/a/../b", "/a/", "//a", "/a/./b")) {
            assertThrows(IllegalArgumentException.class, () -> new Cgroup(CgroupVersion.V2, path), path);
        }
    }
}
