package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups of files that are no kernel's: what is killed does not leave them. */
@Timeout(30)
class LeftoversTest {
    @TempDir
    Path root;

    private Cgroup cgroup;
    private Path processes;

    @BeforeEach
    void makeGroup() throws IOException {
        cgroup = new Cgroup(root, CgroupVersion.V2, "/group");
        processes = Files.createDirectory(root.resolve("group")).resolve("cgroup.procs");
    }

    @Test
    void aGroupThatNeverGetsEmptyIsAFailure() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(processes, process.pid() + "\n");
            FornoException e = assertThrows(FornoException.class, () -> Leftovers.killAll(cgroup));
            assertTrue(e.getMessage().contains("[" + process.pid() + "]"), e.getMessage());
            assertEquals(137, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void anEmptyGroupIsKilledAndRemoved() throws IOException {
        Files.writeString(processes, "");
        Leftovers.killAll(cgroup);
        Files.delete(processes);
        Leftovers.remove(cgroup);
        assertFalse(Files.exists(root.resolve("group")));
        Leftovers.killAll(cgroup);
        Leftovers.remove(cgroup);
    }

    @Test
    void aGroupThatStaysIsAFailure() throws IOException {
        Files.writeString(processes, "");
        FornoException e = assertThrows(FornoException.class, () -> Leftovers.remove(cgroup));
        assertTrue(e.getMessage().contains("/group"), e.getMessage());
    }
}
