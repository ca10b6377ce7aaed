package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docker run} and its flags. */
class RunTest extends EndToEnd {
    @Test
    void exitCodesAreTheContainersOwn() {
        docker.run("run", "--rm", BUSYBOX, "true").exits(0);
        docker.run("run", "--rm", BUSYBOX, "sh", "-c", "exit 42").exits(42);
        docker.run("run", "--rm", BUSYBOX, "sh", "-c", "sh -c 'kill -9 $$'; exit $?")
                .exits(137);
    }

    @Test
    void exitCode127NamesTheMissingCommand() {
        Command.Result result =
                docker.run("run", "--rm", BUSYBOX, "no-such-command").exits(127);
        assertTrue(
                result.err().contains("exec: \"no-such-command\": executable file not found in $PATH"), result.err());
    }

    @Test
    void exitCode126ForWhatCannotBeExecuted() {
        docker.run("run", "--rm", BUSYBOX, "/etc/passwd").exits(126);
        docker.run("run", "--rm", BUSYBOX, "/etc").exits(126);
    }

    @Test
    void exitCode125ForTheEnginesRefusal() {
        Command.Result result =
                docker.run("run", "--rm", "--name", "a/b", BUSYBOX, "true").exits(125);
        assertTrue(result.err().contains("Invalid container name (a/b)"), result.err());
        docker.run("run", "--rm", "--pull", "never", "no-such-image:1", "true").exits(125);
    }

    @Test
    void standardStreamsStayApart() {
        Command.Result result = docker.run("run", "--rm", BUSYBOX, "sh", "-c", "echo out; echo err >&2");
        assertEquals("out\n", result.out());
        assertEquals("err\n", result.err());
    }

    @Test
    void standardInputEndsWhenTheClientClosesIt() {
        assertEquals(
                "hi\n",
                docker.command("run", "-i", "--rm", BUSYBOX, "cat")
                        .input("hi\n")
                        .run()
                        .ok()
                        .out());
        String large = "0123456789abcdef\n".repeat(100_000);
        assertEquals(
                large,
                docker.command("run", "-i", "--rm", BUSYBOX, "cat")
                        .input(large)
                        .run()
                        .ok()
                        .out());
    }

    @Test
    void aTerminalIsOneStream() {
        String out = docker.terminal("run --rm -it " + BUSYBOX + " sh -c 'test -t 0 && stty size && echo tty'")
                .run()
                .ok()
                .out();
        assertTrue(out.contains("tty\r\n"), out);
    }

    @Test
    void environmentLabelsWorkdirUserAndHostname() throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "# comment\nC=3\nD=with space\n");
        String out = docker.command(
                        "run",
                        "--rm",
                        "-e",
                        "A=1",
                        "-e",
                        "B",
                        "--env-file",
                        file.toString(),
                        "-w",
                        "/made/here",
                        "-u",
                        "worker",
                        "--group-add",
                        "extra",
                        "-h",
                        "oven",
                        BUSYBOX,
                        "sh",
                        "-c",
                        "echo $A $B $C \"$D\"; pwd; id; hostname; echo $HOME")
                .with("B", "2")
                .run()
                .ok()
                .out();
        assertEquals("""
                1 2 3 with space
                /made/here
                uid=1000(worker) gid=1001(workers) groups=1001(workers),2000(extra)
                oven
                /tmp
                """, out.replace(",1001(workers)", ""));
    }

    @Test
    void entrypointAndInit() {
        assertEquals("x y", docker.text("run", "--rm", "--entrypoint", "echo", BUSYBOX, "x", "y"));
        assertEquals("1", busybox("sh", "-c", "echo $$"));
    }

    @Test
    void readOnlyRootAndTmpfs() {
        String script = "touch /x 2>&1 || echo refused; touch /scratch/x && echo written; mount | grep ' /scratch '";
        String out =
                docker.text("run", "--rm", "--read-only", "--tmpfs", "/scratch:size=1m", BUSYBOX, "sh", "-c", script);
        assertTrue(out.contains("refused"), out);
        assertTrue(out.contains("written"), out);
        assertTrue(out.contains("size=1024k"), out);
    }

    @Test
    void capabilitiesAreDockersDefault() {
        assertEquals("CapEff:\t00000000a80425fb", busybox("grep", "CapEff", "/proc/self/status"));
        assertEquals(
                "CapEff:\t0000000000000400",
                docker.text(
                        "run",
                        "--rm",
                        "--cap-drop",
                        "ALL",
                        "--cap-add",
                        "NET_BIND_SERVICE",
                        BUSYBOX,
                        "grep",
                        "CapEff",
                        "/proc/self/status"));
    }

    @Test
    void seccompAndNoNewPrivileges() {
        assertEquals("Seccomp:\t2", busybox("grep", "Seccomp:", "/proc/self/status"));
        assertEquals(
                "Seccomp:\t0",
                docker.text(
                        "run",
                        "--rm",
                        "--security-opt",
                        "seccomp=unconfined",
                        BUSYBOX,
                        "grep",
                        "Seccomp:",
                        "/proc/self/status"));
        assertEquals(
                "NoNewPrivs:\t1",
                docker.text(
                        "run",
                        "--rm",
                        "--security-opt",
                        "no-new-privileges",
                        BUSYBOX,
                        "grep",
                        "NoNewPrivs",
                        "/proc/self/status"));
    }

    @Test
    void maskedAndReadOnlyPaths() {
        assertEquals(
                "",
                busybox(
                        "sh",
                        "-c",
                        "cat /proc/kcore /proc/keys 2>/dev/null; ls -A /proc/scsi /sys/firmware 2>/dev/null | grep -v : | grep .; true"));
        docker.run("run", "--rm", BUSYBOX, "sh", "-c", "echo 1 > /proc/sys/kernel/panic")
                .exits(1);
        docker.run("run", "--rm", BUSYBOX, "mount", "-t", "tmpfs", "none", "/mnt")
                .exits(1);
    }

    @Test
    void privilegedSeesDevices() {
        assumeTrue(target.isForno() || hasEveryCapability(), "dockerd asks for every capability of the kernel");
        String out = docker.text(
                "run",
                "--rm",
                "--privileged",
                BUSYBOX,
                "sh",
                "-c",
                "ls /dev | wc -l; mount -t tmpfs none /tmp && echo ok");
        assertTrue(out.endsWith("ok"), out);
    }

    @Test
    void devicesCanBeAdded() {
        assertTrue(docker.text(
                        "run", "--rm", "--device", "/dev/loop-control:/dev/mine:r", BUSYBOX, "ls", "-l", "/dev/mine")
                .startsWith("c"));
    }

    @Test
    void limitsReachTheCgroup() {
        String id = docker.text(
                "run",
                "-d",
                "--memory",
                "64m",
                "--pids-limit",
                "50",
                "--cpus",
                "0.5",
                "--cpu-shares",
                "512",
                "--shm-size",
                "8m",
                "--ulimit",
                "nofile=100:200",
                BUSYBOX,
                "sleep",
                "600");
        assertEquals(
                "67108864 50 500000000 512",
                docker.inspect(
                        id,
                        "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.NanoCpus}} {{.HostConfig.CpuShares}}"));
        assertEquals("100", docker.text("exec", id, "sh", "-c", "ulimit -n"));
        String shm = docker.text("exec", id, "sh", "-c", "df -k /dev/shm | tail -1 | awk '{print $2}'");
        assertEquals("8192", shm);
        String memory = docker.text(
                "exec",
                id,
                "sh",
                "-c",
                "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max");
        assertEquals("67108864", memory);
    }

    @Test
    void outOfMemoryIsToldApart() {
        String id =
                docker.text("create", "--memory", "16m", "--memory-swap", "16m", BUSYBOX, "sh", "-c", "tail /dev/zero");
        docker.run("start", "-a", id).exits(137);
        assertEquals("true 137", docker.inspect(id, "{{.State.OOMKilled}} {{.State.ExitCode}}"));
    }

    @Test
    void namespacesOfTheHost() throws IOException {
        String pid = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        assertNotEquals(pid, busybox("readlink", "/proc/self/ns/pid"));
        assertEquals(pid, docker.text("run", "--rm", "--pid", "host", BUSYBOX, "readlink", "/proc/self/ns/pid"));
        for (String kind : List.of("ipc", "uts")) {
            assertEquals(
                    Files.readSymbolicLink(Path.of("/proc/self/ns/" + kind)).toString(),
                    docker.text("run", "--rm", "--" + kind, "host", BUSYBOX, "readlink", "/proc/self/ns/" + kind));
        }
    }

    @Test
    void sysctlsOfTheContainer() {
        assertEquals(
                "1",
                docker.text(
                        "run",
                        "--rm",
                        "--sysctl",
                        "net.ipv4.ip_forward=1",
                        BUSYBOX,
                        "cat",
                        "/proc/sys/net/ipv4/ip_forward"));
    }

    @Test
    void containerIdFileAndAutomaticRemoval() throws IOException {
        Path file = folder.resolve("cid");
        docker.run("run", "--rm", "--cidfile", file.toString(), BUSYBOX, "true").ok();
        String id = Files.readString(file);
        assertEquals(64, id.length());
        Host.eventually("removal of " + id, () -> {
            assertEquals(1, docker.run("inspect", id).exit());
            return id;
        });
    }

    @Test
    void namesAreUnique() {
        docker.text("create", "--name", "twice", BUSYBOX);
        Command.Result result = docker.run("create", "--name", "twice", BUSYBOX).exits(1);
        assertTrue(
                result.err().contains("Conflict. The container name \"/twice\" is already in use by container"),
                result.err());
        docker.text("rename", "twice", "once");
        assertEquals("/once", docker.inspect("once", "{{.Name}}"));
    }

    @Test
    void whatIsNotInYetIsRefused() {
        assumeTrue(target.isForno());
        for (List<String> flags : List.of(
                List.of("--restart", "always"),
                List.of("--health-cmd", "true"),
                List.of("--network", "somewhere"),
                List.of("--link", "x:y"),
                List.of("--log-driver", "syslog"),
                List.of("--gpus", "all"),
                List.of("--userns", "keep-id"))) {
            Command.Result result = docker.run("run", "--rm", flags.get(0), flags.get(1), BUSYBOX, "true");
            assertFalse(result.exit() == 0, () -> flags + " was accepted");
            assertFalse(result.err().isBlank(), () -> flags + " was refused without a word");
        }
    }

    private static boolean hasEveryCapability() {
        return Command.of("grep", "-q", "CapEff:.*1ffffffffff", "/proc/self/status")
                        .run()
                        .exit()
                == 0;
    }
}
