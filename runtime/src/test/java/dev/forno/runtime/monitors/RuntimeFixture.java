package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.Chunk;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.OutputStreamName;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskProcess;
import dev.forno.runtime.tasks.TaskSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real monitor and OCI runtime of this machine, for one test, which has to leave nothing of its tasks. */
@Timeout(60)
abstract class RuntimeFixture {
    private static final AtomicInteger SERIAL = new AtomicInteger();

    @TempDir
    Path directory;

    Path rootfs;
    ContainerRuntime runtime;
    final List<Task> tasks = new ArrayList<>();

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

    static ExecSpec exec(String id, String script, String... env) {
        return new ExecSpec(id, List.of("/bin/sh", "-c", script), List.of(env), null, null, false, 0, 0, false, false);
    }

    ContainerRuntime open(Path run, String cgroupParent) {
        return ContainerRuntimes.open(new RuntimeConfig(run, Optional.empty(), Optional.empty(), cgroupParent));
    }

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
        Files.walkFileTree(CgroupVersion.ROOT, Set.of(), 3, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes attributes) {
                if (group.toString().contains(cgroupParent)) {
                    left.add(group.toString());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path group, IOException e) {
                return FileVisitResult.CONTINUE; // others' groups come and go
            }

            @Override
            public FileVisitResult postVisitDirectory(Path group, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
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
}
