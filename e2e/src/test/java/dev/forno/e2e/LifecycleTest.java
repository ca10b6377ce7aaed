package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A container's life after {@code run}: exec, logs, stop, restart, files, commit. */
class LifecycleTest extends EndToEnd {
    private String sleeping(String... flags) {
        List<String> all = new ArrayList<>(List.of("run", "-d", "--stop-timeout", "1"));
        all.addAll(List.of(flags));
        all.addAll(List.of(BUSYBOX, "sleep", "600"));
        return docker.text(all.toArray(String[]::new));
    }

    @Test
    void createStartAttachWait() {
        String id = docker.text("create", BUSYBOX, "sh", "-c", "echo hello; exit 3");
        assertEquals("created", docker.inspect(id, "{{.State.Status}}"));
        assertEquals("hello\n", docker.run("start", "-a", id).exits(3).out());
        assertEquals("3", docker.text("wait", id));
        assertEquals("exited 3", docker.inspect(id, "{{.State.Status}} {{.State.ExitCode}}"));
        assertTrue(docker.text("ps", "-a", "--filter", "id=" + id, "--format", "{{.Status}}")
                .startsWith("Exited (3)"));
    }

    @Test
    void stopSendsTheSignalAndWaits() {
        String id = docker.text(
                "run", "-d", BUSYBOX, "sh", "-c", "trap 'echo bye; exit 5' TERM; while :; do sleep 0.1; done");
        docker.text("stop", id);
        assertEquals("5", docker.inspect(id, "{{.State.ExitCode}}"));
        assertEquals("bye", docker.text("logs", id));
        docker.text("stop", id);
    }

    @Test
    void stopKillsWhatDoesNotListen() {
        String id = docker.text(
                "run", "-d", "--init=false", BUSYBOX, "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        docker.text("stop", "-t", "1", id);
        assertEquals("137", docker.inspect(id, "{{.State.ExitCode}}"));
    }

    @Test
    void killRestartAndPause() {
        String id = sleeping();
        docker.text("pause", id);
        assertEquals("paused", docker.inspect(id, "{{.State.Status}}"));
        docker.text("unpause", id);
        String before = docker.inspect(id, "{{.State.Pid}}");
        docker.text("restart", "-t", "0", id);
        assertNotEquals(before, docker.inspect(id, "{{.State.Pid}}"));
        docker.text("kill", "-s", "KILL", id);
        assertEquals("137", docker.text("wait", id));
        Command.Result result = docker.run("kill", id).exits(1);
        assertTrue(result.err().contains("is not running"), result.err());
    }

    @Test
    void aRestartKeepsWhatWouldBeRemovedAtItsEnd() {
        String id = sleeping("--rm");
        docker.text("restart", "-t", "0", id);
        assertEquals("running", docker.inspect(id, "{{.State.Status}}"));
        docker.text("stop", "-t", "0", id);
        Host.eventually("removal of " + id, () -> {
            assertEquals(1, docker.run("inspect", id).exit());
            return id;
        });
    }

    @Test
    void removeAsksForForceWhileRunning() {
        String id = sleeping();
        Command.Result result = docker.run("rm", id).exits(1);
        assertTrue(result.err().contains("container"), result.err());
        assertEquals("running", docker.inspect(id, "{{.State.Status}}"));
        docker.text("rm", "-f", id);
        assertTrue(docker.run("inspect", id).exits(1).err().contains("No such object: " + id));
    }

    @Test
    void execHasItsOwnCodesStreamsAndUser() {
        String id = sleeping("-e", "A=1");
        assertEquals("1 2", docker.text("exec", "-e", "B=2", id, "sh", "-c", "echo $A $B"));
        docker.run("exec", id, "sh", "-c", "exit 9").exits(9);
        docker.run("exec", id, "no-such-command").exits(target.isForno() ? 127 : 126); // dockerd since 26: 127
        assertEquals(
                "hi\n",
                docker.command("exec", "-i", id, "cat").input("hi\n").run().ok().out());
        assertEquals(
                "1000 /tmp", docker.text("exec", "-u", "worker", "-w", "/tmp", id, "sh", "-c", "echo $(id -u) $PWD"));
        Command.Result result =
                docker.run("exec", id, "sh", "-c", "echo o; echo e >&2").ok();
        assertEquals("o\n|e\n", result.out() + "|" + result.err());
        docker.text("exec", "-d", id, "sh", "-c", "echo done > /tmp/detached");
        Host.eventually("the detached exec", () -> {
            assertEquals("done", docker.run("exec", id, "cat", "/tmp/detached").text());
            return id;
        });
        docker.text("stop", "-t", "0", id);
        assertTrue(docker.run("exec", id, "true").exits(1).err().contains("is not running"));
    }

    @Test
    void logsTailSinceTimestampsAndFollow() {
        String id = docker.text(
                "run", "-d", BUSYBOX, "sh", "-c", "for i in 1 2 3 4 5; do echo line $i; done; echo oops >&2");
        docker.text("wait", id);
        assertEquals(
                "line 1\nline 2\nline 3\nline 4\nline 5\n",
                docker.run("logs", id).ok().out());
        assertEquals("oops\n", docker.run("logs", id).ok().err());
        String quiet = docker.text("run", "-d", BUSYBOX, "seq", "5");
        docker.text("wait", quiet);
        assertEquals("4\n5\n", docker.run("logs", "--tail", "2", quiet).ok().out());
        assertEquals(
                "",
                docker.run("logs", "--since", "2100-01-01T00:00:00Z", quiet)
                        .ok()
                        .out());
        String stamped = docker.run("logs", "-t", id).ok().lines().getFirst();
        assertTrue(stamped.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z line 1"), stamped);
        String running = docker.text("run", "-d", BUSYBOX, "sh", "-c", "for i in 1 2 3; do echo f$i; sleep 0.2; done");
        assertEquals("f1\nf2\nf3\n", docker.run("logs", "-f", running).ok().out());
    }

    @Test
    void topPortAndStats() {
        String id = sleeping();
        assertTrue(docker.text("top", id).contains("sleep 600"));
        assertTrue(docker.text("top", id, "-o", "pid,comm").contains("sleep"));
        String stats = docker.text("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}} {{.MemUsage}}", id);
        assertTrue(stats.matches("\\S+ 1 .*iB / .*iB"), stats);
    }

    @Test
    void diffCopyAndExport() throws IOException {
        String id =
                docker.text("create", BUSYBOX, "sh", "-c", "echo new > /etc/new; rm /etc/group; echo x >> /etc/passwd");
        docker.text("start", "-a", id);
        assertEquals(
                List.of("A /etc/new", "C /etc", "C /etc/passwd", "D /etc/group"),
                docker.run("diff", id).ok().lines().stream().sorted().toList());
        Path file = folder.resolve("new");
        docker.text("cp", id + ":/etc/new", file.toString());
        assertEquals("new\n", Files.readString(file));
        Files.writeString(file, "from the host\n");
        docker.text("cp", file.toString(), id + ":/tmp/copied");
        docker.text("cp", id + ":/etc", folder.resolve("etc").toString());
        assertTrue(Files.exists(folder.resolve("etc/passwd")));
        Path tar = folder.resolve("export.tar");
        docker.text("export", "-o", tar.toString(), id);
        assertEquals(
                "from the host",
                Command.of("tar", "-xOf", tar.toString(), "tmp/copied")
                        .run()
                        .ok()
                        .text());
        Command.Result missing =
                docker.run("cp", id + ":/no/such", folder.toString()).exits(1);
        assertTrue(missing.err().contains("Could not find the file /no/such in container"), missing.err());
    }

    @Test
    void copyReadsAFileThatIsMounted() throws IOException {
        Path file = Files.writeString(folder.resolve("mounted"), "of the host");
        String id = docker.text("create", "-v", file + ":/etc/mounted", BUSYBOX, "sleep", "600");
        for (String state : List.of("created", "running")) {
            Path got = folder.resolve(state);
            docker.text("cp", id + ":/etc/mounted", got.toString());
            assertEquals("of the host", Files.readString(got));
            Command.Result below = docker.run("cp", id + ":/etc/mounted/below", folder.toString())
                    .exits(1);
            assertTrue(below.err().contains("/etc/mounted/below"), below.err());
            docker.text("start", id);
        }
    }

    @Test
    void copyReadsTheNetworkFilesOfAStoppedContainer() throws IOException {
        String id = docker.text("create", BUSYBOX, "cat", "/etc/hosts");
        String shown = docker.text("start", "-a", id);
        assertTrue(shown.contains("localhost"), shown);
        Path got = folder.resolve("hosts");
        docker.text("cp", id + ":/etc/hosts", got.toString());
        assertEquals(shown, Files.readString(got).strip());
    }

    @Test
    void copyDoesNotFollowLinksOutOfTheContainer() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "of the host");
        String id = docker.text("create", BUSYBOX, "ln", "-s", secret.toString(), "/tmp/link");
        docker.text("start", "-a", id);
        Command.Result result =
                docker.run("cp", "-L", id + ":/tmp/link", folder.resolve("got").toString());
        assertFalse(result.exit() == 0 && Files.exists(folder.resolve("got")), result.err());
    }

    @Test
    void commitMakesAnImage() {
        String id = docker.text("create", BUSYBOX, "sh", "-c", "echo kept > /kept");
        docker.text("start", "-a", id);
        String image =
                docker.text("commit", "-m", "keep", "-c", "CMD [\"cat\", \"/kept\"]", "-c", "ENV K=1", id, "kept:1");
        assertTrue(image.startsWith("sha256:"));
        assertEquals("kept", docker.text("run", "--rm", "kept:1"));
        assertEquals("true", docker.inspect("kept:1", "{{range .Config.Env}}{{if eq . \"K=1\"}}true{{end}}{{end}}"));
        docker.text("rmi", "-f", "kept:1");
    }

    @Test
    void eventsTellWhatHappened() {
        String since = Command.of("date", "+%s").run().ok().text();
        String id = docker.text("run", "-d", "--label", "suite=events", BUSYBOX, "true");
        docker.text("wait", id);
        docker.text("rm", id);
        String until = Long.toString(
                Long.parseLong(Command.of("date", "+%s").run().ok().text()) + 1);
        List<String> actions = docker.run(
                        "events",
                        "--since",
                        since,
                        "--until",
                        until,
                        "--filter",
                        "container=" + id,
                        "--format",
                        "{{.Action}}")
                .ok()
                .lines();
        assertEquals(
                List.of("create", "start", "die", "destroy"),
                actions.stream().filter(action -> !action.equals("attach")).toList());
    }

    @Test
    void listFilters() {
        String one = sleeping("--name", "filter-one", "--label", "kind=a");
        String two = docker.text("create", "--name", "filter-two", "--label", "kind=b", BUSYBOX);
        assertEquals(List.of(one), docker.run("ps", "-q", "--no-trunc").ok().lines());
        assertEquals(
                List.of(two),
                docker.run("ps", "-aq", "--no-trunc", "--filter", "label=kind=b")
                        .ok()
                        .lines());
        assertEquals(
                List.of(two),
                docker.run("ps", "-aq", "--no-trunc", "--filter", "status=created")
                        .ok()
                        .lines());
        assertEquals(
                List.of(one),
                docker.run("ps", "-aq", "--no-trunc", "--filter", "name=filter-one")
                        .ok()
                        .lines());
        assertEquals(
                2,
                docker.run("ps", "-aq", "--filter", "ancestor=" + BUSYBOX)
                        .ok()
                        .lines()
                        .size());
        assertEquals(
                List.of(two),
                docker.run("ps", "-aq", "--no-trunc", "--filter", "since=filter-one")
                        .ok()
                        .lines());
    }

    @Test
    void pruneRemovesOnlyTheStopped() {
        String running = sleeping();
        String stopped = docker.text("create", BUSYBOX);
        String out = docker.text("container", "prune", "-f");
        assertTrue(out.contains(stopped), out);
        assertEquals(
                List.of(running), docker.run("ps", "-aq", "--no-trunc").ok().lines());
    }
}
