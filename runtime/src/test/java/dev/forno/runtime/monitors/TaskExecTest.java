package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExecTask;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.StartFailure;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Further processes in a task. */
class TaskExecTest extends RuntimeFixture {
    @Test
    void anExecRunsBeside() throws Exception {
        Task task = create(
                spec(ProcessSpec.of(List.of("sleep", "1000"), List.of("COLOUR=blue", "PATH=/bin"), "/data", "")));
        task.start();
        ExecTask exec = task.exec(exec("e1", "echo $COLOUR $SIZE; pwd; id -u; exit 4", "SIZE=big"));
        try (Attachment attachment = exec.attach(false)) {
            exec.start();
            assertEquals(new Output("blue big\n/data\n0\n", ""), drain(attachment));
        }
        assertEquals(4, await(exec).code());
        assertEquals(TaskState.RUNNING, task.state());
    }

    @Test
    void execsInParallelKeepTheirOutputAndCodes() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int n = i;
                Callable<String> one = () -> {
                    ExecTask exec = task.exec(exec("p" + n, "echo I am " + n + "; exit " + n));
                    try (Attachment attachment = exec.attach(false)) {
                        exec.start();
                        return drain(attachment).out() + await(exec).code();
                    }
                };
                results.add(pool.submit(one));
            }
            for (int i = 0; i < 12; i++) {
                assertEquals("I am " + i + "\n" + i, results.get(i).get());
            }
        }
    }

    @Test
    void anExecTakesInputUserAndDirectory() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        ExecTask exec = task.exec(new ExecSpec(
                "in",
                List.of("/bin/sh", "-c", "id -un; id -G; pwd; echo $HOME; cat"),
                List.of(),
                "/tmp",
                "maria",
                false,
                0,
                0,
                true,
                false));
        try (Attachment attachment = exec.attach(true)) {
            exec.start();
            attachment.stdin().write("typed".getBytes(StandardCharsets.UTF_8));
            attachment.stdin().close();
            assertEquals(
                    "maria\n1001 29\n/tmp\n/home/maria\ntyped",
                    drain(attachment).out());
        }
        assertEquals(0, await(exec).code());
    }

    @Test
    void anExecOnATerminal() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        ExecTask exec = task.exec(new ExecSpec(
                "tty",
                List.of("/bin/sh", "-c", "stty size; tty; exit 6"),
                List.of(),
                null,
                null,
                true,
                24,
                80,
                true,
                false));
        try (Attachment attachment = exec.attach(true)) {
            exec.start();
            String out = drain(attachment).out();
            assertTrue(out.startsWith("24 80\r\n/dev/pts/"), out);
        }
        assertEquals(6, await(exec).code());
    }

    @Test
    void anExecOfNothingIs127AndLeavesTheTaskAlone() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        ExecTask exec =
                task.exec(new ExecSpec("no", List.of("nope"), List.of(), null, null, false, 0, 0, false, false));
        FornoException e = assertThrows(FornoException.class, exec::start);
        assertEquals(127, StartFailure.exitCodeOf(e));
        assertEquals(
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nope\": executable file"
                        + " not found in $PATH: unknown",
                e.getMessage());
        ExecTask notExecutable = task.exec(
                new ExecSpec("no2", List.of("/etc/passwd"), List.of(), null, null, false, 0, 0, false, false));
        assertEquals(126, StartFailure.exitCodeOf(assertThrows(FornoException.class, notExecutable::start)));
        assertEquals(TaskState.RUNNING, task.state());
    }

    @Test
    void anExecOutlivesItsAttachmentAndEndsWithTheTask() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        ExecTask exec = task.exec(exec("long", "echo up; sleep 1000"));
        try (Attachment attachment = exec.attach(false)) {
            exec.start();
            readUntil(attachment, "up");
        }
        assertTrue(exec.pid() > 0);
        FornoException again = assertThrows(FornoException.class, exec::start);
        assertEquals(ErrorKind.FAILED_PRECONDITION, again.kind());
        assertThrows(FornoException.class, () -> task.exec(exec("long", "true")));
        task.kill(9);
        assertEquals(137, await(exec).code());
    }
}
