package dev.forno.linux.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.sockets.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpawnTest {
    private static final List<String> ENV = List.of("PATH=/usr/bin:/bin", "GREETING=olá");

    @Test
    void passesEnvironmentAndReportsCodeAndOutput() throws Exception {
        Command.Result result = Command.run(List.of("/bin/sh", "-c", "echo $GREETING; echo oops >&2; exit 7"), ENV);
        assertEquals(new Command.Result(7, "olá\n", "oops\n"), result);
    }

    @Test
    void signalsCountFrom128() throws Exception {
        assertEquals(
                128 + 9,
                Command.run(List.of("/bin/sh", "-c", "kill -9 $$"), ENV).exitCode());
    }

    @Test
    void onlyMappedDescriptorsArriveInTheirOwnSession() throws Exception {
        Command.Result result = Command.run(
                List.of("/bin/sh", "-c", "echo $(ls /proc/self/fd | wc -l); ps -o sid= -p $$ | tr -d ' '; echo $$"),
                ENV);
        String[] lines = result.output().split("\n");
        assertEquals("4", lines[0], "0, 1, 2 and the directory that ls reads");
        assertEquals(lines[2], lines[1]);
    }

    @Test
    void mapsDescriptorsWhoseNumbersOverlap() throws Exception {
        try (Pipe first = Pipe.open();
                Pipe second = Pipe.open()) {
            int low = Math.min(first.writeEnd(), second.writeEnd());
            int high = Math.max(first.writeEnd(), second.writeEnd());
            boolean swapped = low != first.writeEnd();
            ChildProcess child = Spawn.start(
                    List.of("/bin/sh", "-c", "echo at-low >&" + 8 + "; echo at-high >&" + 9),
                    ENV,
                    Path.of("/tmp"),
                    Map.of(8, high, 9, low));
            assertEquals(0, child.exited().get());
            assertEquals(Optional.of(swapped ? "at-low" : "at-high"), first.readLine());
            assertEquals(Optional.of(swapped ? "at-high" : "at-low"), second.readLine());
        }
    }

    @Test
    void startsInTheDirectoryGiven() throws Exception {
        try (Pipe out = Pipe.open()) {
            Spawn.start(List.of("/bin/pwd"), ENV, Path.of("/usr/lib"), Map.of(1, out.writeEnd()));
            assertEquals(Optional.of("/usr/lib"), out.readLine());
        }
    }

    @Test
    void namesAMissingProgram() {
        ErrnoException e = assertThrows(ErrnoException.class, () -> Command.run(List.of("/no/such"), ENV));
        assertEquals(ErrnoException.ENOENT, e.errno());
        assertTrue(e.toString().contains("/no/such"));
    }

    @Test
    void interruptKillsTheCommand() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Command.run(List.of("/bin/sleep", "1000"), ENV));
    }

    @Test
    void identityOutlivesTheProcess() throws Exception {
        ChildProcess child = Spawn.start(List.of("/bin/cat"), ENV, Path.of("/"), blockedInput());
        ProcessIdentity identity = ProcessIdentity.of(child.pid()).orElseThrow();
        assertTrue(identity.isAlive());
        try (PidFd same = PidFd.open(identity)) {
            same.signal(15);
        }
        assertEquals(128 + 15, child.exited().get());
        assertFalse(identity.isAlive());
        assertThrows(ErrnoException.class, () -> child.signal(15));
        assertFalse(new ProcessIdentity((int) ProcessHandle.current().pid(), 1).isAlive(), "another start time");
    }

    private Map<Integer, Integer> blockedInput() throws ErrnoException {
        return Map.of(0, Pipe.open().readEnd());
    }

    @Test
    void messagesArriveAsBytes() throws Exception {
        try (Pipe in = Pipe.open();
                Pipe out = Pipe.open()) {
            ChildProcess cat =
                    Spawn.start(List.of("/bin/cat"), ENV, Path.of("/"), Map.of(0, in.readEnd(), 1, out.writeEnd()));
            in.write("a\nb".getBytes(StandardCharsets.UTF_8));
            in.closeWrite();
            out.closeWrite();
            assertEquals(Optional.of("a"), out.readLine());
            assertEquals(Optional.of("b"), out.readLine());
            assertEquals(Optional.empty(), out.readLine());
            assertEquals(0, cat.exited().get());
        }
    }
}
