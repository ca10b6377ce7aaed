package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.ProcessList;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.Specs;
import dev.forno.runtime.tasks.StartFailure;
import dev.forno.runtime.tasks.Stats;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes into a task and comes out of it. */
class TaskRunTest extends RuntimeFixture {
    @Test
    void runsToItsEndAndTellsOutputAndCode() throws Exception {
        Task task = create(spec(shell("echo out; echo err >&2; exit 3")));
        assertEquals(TaskState.CREATED, task.state());
        try (Attachment attachment = task.attach(false)) {
            task.start();
            assertEquals(new Output("out\n", "err\n"), drain(attachment));
        }
        ExitStatus status = await(task);
        assertEquals(3, status.code());
        assertFalse(status.oomKilled());
        assertEquals(TaskState.STOPPED, task.state());
    }

    @Test
    void runInOneCall() throws Exception {
        StringBuilder seen = new StringBuilder();
        ExitStatus status = runtime.run(
                spec(shell("echo one; exit 5")),
                chunk -> seen.append(new String(chunk.bytes(), StandardCharsets.UTF_8)));
        assertEquals(5, status.code());
        assertEquals("one\n", seen.toString());
        assertEquals(List.of(), runtime.ids());
    }

    @Test
    void interruptCancelsARun() throws Exception {
        Thread caller = Thread.currentThread();
        assertThrows(
                InterruptedException.class,
                () -> runtime.run(spec(shell("echo up; sleep 1000")), chunk -> caller.interrupt()));
        assertFalse(Thread.interrupted(), "the exception says it");
        assertEquals(List.of(), runtime.ids());
    }

    @Test
    void aSignalEndsItWith128AndMore() throws Exception {
        Task task = create(spec(shell("echo up; exec sleep 1000")));
        try (Attachment attachment = task.attach(false)) {
            task.start();
            readUntil(attachment, "up");
        }
        assertEquals(TaskState.RUNNING, task.state());
        task.kill(9);
        assertEquals(137, await(task).code());
        FornoException e = assertThrows(FornoException.class, () -> task.kill(9));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
    }

    @Test
    void aMissingCommandIs127() {
        FornoException e = assertThrows(
                FornoException.class, () -> runtime.create(spec(ProcessSpec.of(List.of("nope"), List.of(), "/", ""))));
        assertEquals(127, StartFailure.exitCodeOf(e));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "failed to create task for container: failed to create shim task: OCI runtime create failed: "),
                e.getMessage());
        assertTrue(
                e.getMessage().endsWith("exec: \"nope\": executable file not found in $PATH: unknown"), e.getMessage());
        assertEquals(List.of(), runtime.ids());
    }

    @Test
    void aCommandThatIsNotExecutableIs126() {
        for (String path : List.of("/etc/passwd", "/etc")) {
            FornoException e = assertThrows(
                    FornoException.class,
                    () -> runtime.create(spec(ProcessSpec.of(List.of(path), List.of(), "/", ""))));
            assertEquals(126, StartFailure.exitCodeOf(e), e.getMessage());
            assertTrue(e.getMessage().contains("permission denied"), e.getMessage());
        }
    }

    @Test
    void lastBytesOfFastProcessesArrive() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(new Output("last " + i + "\n", ""), runs(spec(shell("echo last " + i))));
        }
    }

    @Test
    void muchOutputArrivesWhole() throws Exception {
        Output output = runs(spec(shell("seq 1 200000")));
        assertEquals(1288895, output.out().length());
        assertTrue(output.out().endsWith("\n200000\n"));
    }

    @Test
    void inputReachesItAndItsEndToo() throws Exception {
        Task task = create(spec(Specs.withStdin(shell("cat; echo done"), true)));
        try (Attachment attachment = task.attach(true)) {
            task.start();
            byte[] much = "0123456789abcde\n".repeat(20000).getBytes(StandardCharsets.UTF_8);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    attachment.stdin().write(much);
                    attachment.stdin().close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Output output = drain(attachment);
            writer.join();
            assertEquals(much.length + 5, output.out().length());
            assertTrue(output.out().endsWith("done\n"));
        }
        assertEquals(0, await(task).code());
    }

    @Test
    void inputStaysOpenForTheNextAttachment() throws Exception {
        Task task = create(spec(Specs.withStdin(shell("read a; echo got $a; read b; echo got $b"), false)));
        try (Attachment first = task.attach(true)) {
            task.start();
            first.stdin().write("one\n".getBytes(StandardCharsets.UTF_8));
            readUntil(first, "got one\n");
            first.stdin().close();
        }
        try (Attachment second = task.attach(true)) {
            second.stdin().write("two\n".getBytes(StandardCharsets.UTF_8));
            assertEquals("got two\n", drain(second).out());
        }
        assertEquals(0, await(task).code());
    }

    @Test
    void severalAttachmentsGetTheSame() throws Exception {
        Task task = create(spec(Specs.withStdin(shell("read a; echo to all; read b"), true)));
        try (Attachment first = task.attach(true);
                Attachment second = task.attach(false)) {
            try (Attachment third = task.attach(false)) {
                task.start();
                assertThrows(IOException.class, () -> third.stdin().write(1));
            }
            first.stdin().write("go\n".getBytes(StandardCharsets.UTF_8));
            readUntil(first, "to all\n");
            readUntil(second, "to all\n");
            assertThrows(IOException.class, () -> second.stdin().write(1));
            first.stdin().close();
            assertEquals(new Output("", ""), drain(second));
        }
        assertEquals(1, await(task).code(), "read fails at the end of the input");
    }

    @Test
    void aTerminalHasSizeAndResizes() throws Exception {
        Task task = create(spec(Specs.withTerminal(
                Specs.withStdin(
                        shell("stty size; trap 'stty size; exit 0' WINCH; echo ready; while true; do sleep 0.05; done"),
                        true),
                30,
                100)));
        try (Attachment attachment = task.attach(true)) {
            task.start();
            assertTrue(readUntil(attachment, "ready").startsWith("30 100\r\n"));
            task.resize(40, 120);
            assertEquals("40 120\r\n", drain(attachment).out().replaceFirst("^\r\n", ""));
        }
        assertEquals(0, await(task).code());
    }

    @Test
    void pauseFreezes() throws Exception {
        Task task = create(spec(shell("echo up; exec sleep 1000")));
        task.start();
        task.pause();
        assertEquals(TaskState.PAUSED, task.state());
        task.resume();
        assertEquals(TaskState.RUNNING, task.state());
        task.pause();
        task.delete();
        assertEquals(137, await(task).code());
    }

    @Test
    void statisticsAndProcessesAreTold() throws Exception {
        Resources limits =
                new Resources(64L << 20, null, null, null, null, null, null, null, null, null, 50L, null, List.of());
        Task task = create(spec(shell("sleep 1001 & echo up; wait")).withResources(limits));
        try (Attachment attachment = task.attach(false)) {
            task.start();
            readUntil(attachment, "up");
        }
        Stats stats = task.stats();
        assertTrue(stats.memory().usage() > 0);
        assertEquals(64L << 20, stats.memory().limit());
        assertEquals(new Stats.Pids(2, 50), stats.pids());
        assertTrue(stats.cpu().total() > 0);
        ProcessList list = task.processes(List.of());
        assertEquals("CMD", list.titles().getLast());
        assertEquals(2, list.rows().size());
        assertTrue(list.rows().stream().anyMatch(row -> row.getLast().equals("sleep 1001")), list.toString());
        assertEquals(
                List.of("PID", "COMMAND"),
                task.processes(List.of("-eo", "pid,comm")).titles());
        task.update(
                new Resources(128L << 20, null, null, null, null, null, null, null, null, null, null, null, List.of()));
        assertEquals(128L << 20, task.stats().memory().limit());
    }

    @Test
    void aSlowReaderHoldsUpTheProcessButNotItsEnd() throws Exception {
        Task task = create(spec(shell("yes")));
        try (Attachment slow = task.attach(false)) {
            task.start();
            String first = new String(slow.read().orElseThrow().bytes(), StandardCharsets.UTF_8);
            task.kill(9);
            assertEquals(137, await(task).code());
            String all = first + drain(slow).out(); // what was written before the end is all there, maybe read at once
            assertTrue(all.contains("y\n") && all.replace("y\n", "").length() <= 1, all.length() + " bytes");
        }
    }
}
