package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.processes.PidFd;
import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.runtime.tasks.Specs;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskSpec;
import dev.forno.runtime.tasks.TaskState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Tasks across engines, failures and deletions. */
class MonitoredRuntimeTest extends RuntimeFixture {
    @Test
    void anotherEngineAdopts() throws Exception {
        Task task = create(spec(Specs.withStdin(shell("read a; echo got $a; exit 9"), false)));
        task.start();
        runtime.close();
        tasks.clear();
        runtime = open(run(), cgroupParent);
        assertEquals(List.of(task.id()), runtime.ids());
        Task adopted = runtime.adopt(task.id()).orElseThrow();
        tasks.add(adopted);
        assertEquals(task.pid(), adopted.pid());
        assertEquals(TaskState.RUNNING, adopted.state());
        try (Attachment attachment = adopted.attach(true)) {
            attachment.stdin().write("news\n".getBytes(StandardCharsets.UTF_8));
            assertEquals("got news\n", drain(attachment).out());
        }
        assertEquals(9, await(adopted).code());
    }

    @Test
    void anotherEngineLearnsWhatHappenedMeanwhile() throws Exception {
        Task task = create(spec(shell("exit 11")));
        task.start();
        ExitStatus status = await(task);
        runtime.close();
        tasks.clear();
        runtime = open(run(), cgroupParent);
        Task adopted = runtime.adopt(task.id()).orElseThrow();
        tasks.add(adopted);
        assertEquals(status, await(adopted));
        assertEquals(TaskState.STOPPED, adopted.state());
    }

    @Test
    void idsAreUnique() {
        TaskSpec spec = spec(shell("exec sleep 1000"));
        create(spec);
        FornoException e = assertThrows(FornoException.class, () -> runtime.create(spec));
        assertEquals(ErrorKind.ALREADY_EXISTS, e.kind());
        assertThrows(FornoException.class, () -> runtime.create(TaskSpec.of("../x", rootfs, shell("true"))));
    }

    @Test
    void deletingARunningTaskEndsItAndAgainIsHarmless() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        task.delete();
        assertEquals(137, await(task).code());
        task.delete();
        assertEquals(Optional.empty(), runtime.adopt(task.id()));
    }

    @Test
    void aCreationThatWasCutOffIsUndone() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        Files.delete(run().resolve(task.id()).resolve("task.json"));
        runtime.close();
        tasks.clear();
        runtime = open(run(), cgroupParent);
        assertEquals(List.of(task.id()), runtime.ids());
        assertEquals(Optional.empty(), runtime.adopt(task.id()));
        assertEquals(List.of(), runtime.ids());
        assertEquals(Optional.empty(), ProcessIdentity.of(task.pid()));
        assertEquals(Optional.empty(), runtime.adopt("never-was"));
    }

    @Test
    void aTaskThatWasNotStartedCanBeAdoptedAndStarted() throws Exception {
        Task task = create(spec(shell("exit 21")));
        runtime.close();
        tasks.clear();
        runtime = open(run(), cgroupParent);
        Task adopted = runtime.adopt(task.id()).orElseThrow();
        tasks.add(adopted);
        assertEquals(TaskState.CREATED, adopted.state());
        adopted.start();
        assertEquals(21, await(adopted).code());
        assertThrows(FornoException.class, adopted::start);
    }

    @Test
    void anInterruptedCreationLeavesNothing() {
        Thread.currentThread().interrupt();
        FornoException e = assertThrows(FornoException.class, () -> runtime.create(spec(shell("true"))));
        assertEquals(ErrorKind.CANCELLED, e.kind());
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), runtime.ids());
    }

    @Test
    void interruptsDoNotKeepADeletionFromItsEnd() throws Exception {
        for (int i = 0; i < 3; i++) {
            Task task = create(spec(shell("exec sleep 1000")));
            task.start();
            AtomicBoolean kept = new AtomicBoolean();
            Thread deleting = Thread.ofVirtual().start(() -> {
                task.delete();
                kept.set(Thread.interrupted());
            });
            do {
                deleting.interrupt();
            } while (!deleting.join(Duration.ofMillis(1)));
            assertEquals(List.of(), runtime.ids());
            assertEquals(Optional.empty(), ProcessIdentity.of(task.pid()));
            assertTrue(kept.get(), "the caller learns of the interrupt");
        }
    }

    @Test
    void aProcessWhoseMonitorWasKilledIsEnded() throws Exception {
        Task task = create(spec(shell("exec sleep 1000")));
        task.start();
        int monitor = TaskRecord.read(run().resolve(task.id())).monitorPid();
        try (PidFd process = PidFd.open(monitor)) {
            process.signal(9);
        }
        assertEquals(137, await(task).code());
        assertEquals(Optional.empty(), ProcessIdentity.of(task.pid()));
    }

    @Test
    void aDeletionGoesOnWhenTheRuntimeFails() throws Exception {
        Path program = directory.resolve("broken");
        Files.writeString(
                program,
                "#!/bin/sh\ncase \"$*\" in *' delete '*) echo broken >&2; exit 1;; esac\nexec "
                        + runtime.facts().path() + " \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ContainerRuntime broken = ContainerRuntimes.open(
                new RuntimeConfig(run(), Optional.of(program.toString()), Optional.empty(), cgroupParent))) {
            Task task = broken.create(spec(shell("exec sleep 1000")));
            task.start();
            task.delete();
            assertEquals(Optional.empty(), ProcessIdentity.of(task.pid()));
            assertEquals(List.of(), broken.ids());
        }
    }

    @Test
    void whatTheMachineCannotGiveIsToldBefore() {
        ProcessSpec limited = new ProcessSpec(
                List.of("true"),
                List.of(),
                "/",
                "",
                List.of(),
                false,
                0,
                0,
                false,
                false,
                List.of(new ProcessSpec.Rlimit("nofile", 1 << 30, 1 << 30)),
                -1000);
        Task task = create(spec(limited));
        assertEquals(runtime.degraded(limited), task.warnings());
    }
}
