package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.linux.processes.PidFd;
import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.runtime.tasks.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The real monitor and OCI runtime of this machine. */
class MonitoredRuntimeTest extends RuntimeContract {
    @Override
    ContainerRuntime open(Path run, String cgroupParent) {
        return ContainerRuntimes.open(new RuntimeConfig(run, Optional.empty(), Optional.empty(), cgroupParent));
    }

    @Override
    List<String> leftovers(Path run, String cgroupParent) throws IOException {
        List<String> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(run)) {
            files.filter(f -> !f.endsWith(".oci")).forEach(f -> left.add(f.toString()));
        }
        if (Files.exists(run.resolve(".oci"))) {
            try (Stream<Path> files = Files.list(run.resolve(".oci"))) {
                files.forEach(f -> left.add(f.toString()));
            }
        }
        try (Stream<Path> groups = Files.find(
                CgroupVersion.ROOT, 3, (p, a) -> a.isDirectory() && p.toString().contains(cgroupParent))) {
            groups.forEach(g -> left.add(g.toString()));
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(p -> String.valueOf(p.getFileName()).matches("[0-9]+"))
                    .forEach(p -> {
                        try {
                            String command = Files.readString(p.resolve("cmdline"));
                            if (command.contains(run.toString())) {
                                left.add(command);
                            }
                        } catch (IOException e) {
                            // it has ended
                        }
                    });
        }
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(l -> l.contains(run.toString()))
                .forEach(left::add);
        return left;
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
