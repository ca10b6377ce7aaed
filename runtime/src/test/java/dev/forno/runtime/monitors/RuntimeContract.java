package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.logs.LogEntry;
import dev.forno.runtime.logs.LogQuery;
import dev.forno.runtime.logs.LogReader;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.Chunk;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.DeviceSpec;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExecTask;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Namespaces;
import dev.forno.runtime.tasks.OutputStreamName;
import dev.forno.runtime.tasks.ProcessList;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.StartFailure;
import dev.forno.runtime.tasks.Stats;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskProcess;
import dev.forno.runtime.tasks.TaskSpec;
import dev.forno.runtime.tasks.TaskState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ContainerRuntime} does. */
@Timeout(60)
abstract class RuntimeContract {
    private static final AtomicInteger SERIAL = new AtomicInteger();

    @TempDir
    Path directory;

    Path rootfs;
    ContainerRuntime runtime;
    final List<Task> tasks = new ArrayList<>();

    /** Opens the runtime over a run directory and a cgroup parent that are this test's alone. */
    abstract ContainerRuntime open(Path run, String cgroupParent);

    /** What is left of tasks on the machine: processes, cgroups, files. */
    abstract List<String> leftovers(Path run, String cgroupParent) throws IOException;

    final String cgroupParent = "/forno-runtime-test-" + ProcessHandle.current().pid() + "-" + SERIAL.incrementAndGet();

    Path run() {
        return directory.resolve("run");
    }

    @BeforeEach
    void openRuntime() throws IOException {
        rootfs = Rootfs.make(directory.resolve("rootfs"));
        runtime = open(run(), cgroupParent);
    }

    @AfterEach
    void leavesNothing() throws IOException {
        for (Task task : tasks) {
            task.delete();
        }
        runtime.close();
        assertEquals(List.of(), leftovers(run(), cgroupParent));
    }

    String newId() {
        return "t" + SERIAL.incrementAndGet() + "x".repeat(40);
    }

    static ProcessSpec shell(String script) {
        return ProcessSpec.of(List.of("/bin/sh", "-c", script), List.of(), "/", "");
    }

    TaskSpec spec(ProcessSpec process) {
        return TaskSpec.of(newId(), rootfs, process);
    }

    Task create(TaskSpec spec) {
        Task task = runtime.create(spec);
        tasks.add(task);
        return task;
    }

    /** Everything that an attachment gives, by stream. */
    record Output(String out, String err) {}

    static Output drain(Attachment attachment) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        for (Optional<Chunk> c = attachment.read(); c.isPresent(); c = attachment.read()) {
            (c.get().stream() == OutputStreamName.STDOUT ? out : err)
                    .writeBytes(c.get().bytes());
        }
        return new Output(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static ExitStatus await(TaskProcess process) throws Exception {
        return process.exited().toCompletableFuture().get(40, TimeUnit.SECONDS);
    }

    static String readUntil(Attachment attachment, String wanted) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains(wanted)) {
            Chunk chunk = attachment.read().orElseThrow(() -> new IOException("ended after: " + seen));
            seen.append(new String(chunk.bytes(), StandardCharsets.UTF_8));
        }
        return seen.toString();
    }

    Output runs(TaskSpec spec) throws Exception {
        Task task = create(spec);
        try (Attachment attachment = task.attach(false)) {
            task.start();
            Output output = drain(attachment);
            assertEquals(0, await(task).code(), output::toString);
            return output;
        }
    }

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
        Task task = create(spec(shell("cat; echo done").withStdin(true)));
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
        Task task =
                create(spec(shell("read a; echo got $a; read b; echo got $b").withStdin(false)));
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
        Task task = create(spec(shell("read a; echo to all; read b").withStdin(true)));
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
        Task task = create(
                spec(shell("stty size; trap 'stty size; exit 0' WINCH; echo ready; while true; do sleep 0.05; done")
                        .withStdin(true)
                        .withTerminal(30, 100)));
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

    static ExecSpec exec(String id, String script, String... env) {
        return new ExecSpec(id, List.of("/bin/sh", "-c", script), List.of(env), null, null, false, 0, 0, false, false);
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
        TaskSpec spec = spec(shell(
                        "grep Seccomp: /proc/self/status; mount -t tmpfs x /tmp && echo mounted; ls /dev | wc -l"))
                .withConfinement(new Confinement(
                        true, List.of(), List.of(), false, new Confinement.DefaultProfile(), null, null));
        String out = runs(spec).out();
        assertTrue(out.startsWith("Seccomp:\t0\nmounted\n"), out);
    }

    @Test
    void mountsAreMade() throws Exception {
        Path host = Files.createDirectories(directory.resolve("host"));
        Files.writeString(host.resolve("f"), "from host\n");
        TaskSpec spec = spec(shell(
                        "cat /app/f; touch /app/g && echo wrote; touch /ro/g 2>&1; ls -d /scratch; echo x > /scratch/x && cat /scratch/x"))
                .withMounts(List.of(
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
    void anotherEngineAdopts() throws Exception {
        Task task = create(spec(shell("read a; echo got $a; exit 9").withStdin(false)));
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

    private static List<String> logged(LogReader reader) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Optional<LogEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
            lines.add(new String(e.get().line(), StandardCharsets.UTF_8));
        }
        return lines;
    }

    @Test
    void theLogIsRotatedWithoutLoss() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        Path log = logs.resolve("container.log");
        String script = "i=0; while [ ! -e /logs/container.log.3 ]; do i=$((i+1)); echo $i; done; echo -n end $i >&2";
        Task task = create(spec(shell(script))
                .withMounts(List.of(MountSpec.Bind.of(logs, "/logs", true)))
                .withLogging(new Logging.File(log, 100_000, 100)));
        List<String> followed;
        try (LogReader reader = LogReader.open(log, LogQuery.all(), task.exited())) {
            task.start();
            followed = logged(reader);
        }
        assertEquals(0, await(task).code());
        List<String> expected = new ArrayList<>();
        int count = followed.size() - 1;
        for (int i = 1; i <= count; i++) {
            expected.add(i + "\n");
        }
        expected.add("end " + count);
        assertEquals(expected, followed);
        try (LogReader reader = LogReader.open(log, LogQuery.all(), LogReader.NO_FOLLOW)) {
            assertEquals(expected, logged(reader));
        }
    }

    @Test
    void aRestartAppendsToTheLog() throws Exception {
        Path log = directory.resolve("container.log");
        for (String word : List.of("first", "second")) {
            Task task = create(spec(shell("echo " + word)).withLogging(Logging.File.of(log)));
            task.start();
            await(task);
            task.delete();
        }
        assertEquals(2, Files.readAllLines(log).size());
        assertTrue(Files.readAllLines(log).getFirst().endsWith(" stdout F first"));
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
}
