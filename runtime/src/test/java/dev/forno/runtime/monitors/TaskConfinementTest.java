package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.DeviceSpec;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Namespaces;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.Specs;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a task may and what it sees. */
class TaskConfinementTest extends RuntimeFixture {
    @Test
    void theUserIsThatOfTheContainersFiles() throws Exception {
        ProcessSpec process = new ProcessSpec(
                List.of("/bin/sh", "-c", "id; echo $HOME; grep -i capeff /proc/self/status"),
                List.of(),
                "/",
                "maria",
                List.of("disk"),
                false,
                0,
                0,
                false,
                false,
                List.of(),
                0);
        assertEquals(
                "uid=1000(maria) gid=1001(maria) groups=6(disk),29(audio),1001(maria)\n/home/maria\nCapEff:\t0000000000000000\n",
                runs(spec(process)).out());
    }

    @Test
    void anUnknownUserIsNamed() {
        FornoException e = assertThrows(
                FornoException.class,
                () -> runtime.create(spec(ProcessSpec.of(List.of("true"), List.of(), "/", "nobody-here"))));
        assertEquals("unable to find user nobody-here: no matching entries in passwd file", e.getMessage());
    }

    @Test
    void confinementIsDockers() throws Exception {
        Output output = runs(spec(
                shell("grep -E 'CapBnd|Seccomp:|NoNewPrivs' /proc/self/status; ls /proc/acpi /sys/firmware | wc -l;"
                        + " touch /proc/sys/kernel/domainname 2>&1; mount -t tmpfs x /tmp 2>&1; echo $$; hostname")));
        String[] lines = output.out().split("\n");
        assertEquals("CapBnd:\t00000000a80425fb", lines[0]);
        assertEquals("NoNewPrivs:\t0", lines[1]);
        assertEquals("Seccomp:\t2", lines[2]);
        assertTrue(output.out().contains("Read-only file system"), output.out());
        assertTrue(output.out().contains("denied") || output.out().contains("not permitted"), output.out());
        assertEquals("1", lines[lines.length - 2], "the first process of its own pid namespace");
        assertEquals(12, lines[lines.length - 1].length());
    }

    @Test
    void privilegedIsNotConfined() throws Exception {
        TaskSpec spec = Specs.withConfinement(
                spec(shell("grep Seccomp: /proc/self/status; mount -t tmpfs x /tmp && echo mounted; ls /dev | wc -l")),
                new Confinement(true, List.of(), List.of(), false, new Confinement.DefaultProfile(), null, null));
        String out = runs(spec).out();
        assertTrue(out.startsWith("Seccomp:\t0\nmounted\n"), out);
    }

    @Test
    void mountsAreMade() throws Exception {
        Path host = Files.createDirectories(directory.resolve("host"));
        Files.writeString(host.resolve("f"), "from host\n");
        TaskSpec spec = Specs.withMounts(
                spec(
                        shell(
                                "cat /app/f; touch /app/g && echo wrote; touch /ro/g 2>&1; ls -d /scratch; echo x > /scratch/x && cat /scratch/x")),
                List.of(
                        MountSpec.Bind.of(host, "/app", false),
                        MountSpec.Bind.of(host, "/ro", true),
                        new MountSpec.Tmpfs("/scratch", List.of("size=1m"))));
        Output output = runs(spec);
        assertEquals("from host\nwrote\ntouch: /ro/g: Read-only file system\n/scratch\nx\n", output.out());
        assertTrue(Files.exists(host.resolve("g")));
    }

    @Test
    void memoryIsLimitedAndOutOfMemoryTold() throws Exception {
        Resources limits = new Resources(
                32L << 20, 32L << 20, null, null, null, null, null, null, null, null, 50L, null, List.of());
        Task task = create(spec(shell("a=$(yes | head -c 100m); echo ${#a}")).withResources(limits));
        task.start();
        ExitStatus status = await(task);
        assertTrue(status.code() != 0);
        assertTrue(status.oomKilled());
    }

    @Test
    void limitsDevicesAndNamespacesAreAsAsked() throws Exception {
        String script =
                "ulimit -n; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; grep -c ' /dev/shm .*size=2048k' /proc/mounts;"
                        + " cat /dev/nothing; ls -l /dev/nothing | cut -c1; touch /x 2>&1; readlink /proc/self/ns/uts; hostname";
        ProcessSpec process = new ProcessSpec(
                List.of("/bin/sh", "-c", script),
                List.of(),
                "/made/for/it",
                "",
                List.of(),
                false,
                0,
                0,
                false,
                false,
                List.of(new ProcessSpec.Rlimit("nofile", 77, 88)),
                0);
        Files.createDirectories(rootfs.resolve("made/for/it"));
        TaskSpec base = spec(process);
        TaskSpec task = new TaskSpec(
                base.id(),
                rootfs,
                true,
                process,
                "ignored",
                null,
                List.of(),
                List.of(new DeviceSpec(Path.of("/dev/null"), "/dev/nothing", "rw")),
                List.of(),
                new Namespaces(
                        new Namespaces.Own(),
                        new Namespaces.Own(),
                        new Namespaces.Own(),
                        new Namespaces.Host(),
                        new Namespaces.PlatformDefault()),
                Resources.UNLIMITED,
                Confinement.DEFAULT,
                Map.of(),
                2 << 20,
                false,
                Logging.NONE,
                null,
                Map.of());
        String uts = Files.readSymbolicLink(Path.of("/proc/self/ns/uts")).toString();
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertEquals(
                "77\n0\n1\nc\ntouch: /x: Read-only file system\n" + uts + "\n" + host + "\n",
                runs(task).out());
    }

    @Test
    void anInitProcessReapsOrphans() throws Exception {
        TaskSpec base = spec(shell("cat /proc/1/comm; (sleep 0.01 &); exec sleep 1000"));
        TaskSpec spec = new TaskSpec(
                base.id(),
                rootfs,
                false,
                base.process(),
                "h",
                null,
                List.of(),
                List.of(),
                List.of(),
                Namespaces.OWN,
                Resources.UNLIMITED,
                Confinement.DEFAULT,
                Map.of(),
                1 << 20,
                true,
                Logging.NONE,
                null,
                Map.of());
        Task task = create(spec);
        try (Attachment attachment = task.attach(false)) {
            task.start();
            readUntil(attachment, "docker-init\n");
        }
        task.kill(15);
        assertEquals(143, await(task).code(), "an init process passes the signal on");
    }
}
