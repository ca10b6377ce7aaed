package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.processes.PidFd;
import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.bundles.Bundle;
import dev.forno.runtime.bundles.Environment;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExecTask;
import dev.forno.runtime.tasks.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A further process in a container, held by a monitor of its own. */
final class MonitoredExec implements ExecTask {
    private final MonitoredTask task;
    private final ExecSpec spec;
    private final Path directory;
    private final Control control;
    private final Stdio stdio;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<ExitStatus> exited = new CompletableFuture<>();
    private volatile @Nullable ProcessIdentity process;

    MonitoredExec(MonitoredTask task, ExecSpec spec, Path directory) {
        this.task = task;
        this.spec = spec;
        this.directory = directory;
        this.control = new Control(directory);
        this.stdio = new Stdio(directory.resolve("attach"), spec.openStdin() && !spec.terminal(), false);
    }

    @Override
    public String id() {
        return spec.id();
    }

    @Override
    public int pid() {
        ProcessIdentity running = process;
        return running == null ? 0 : running.pid();
    }

    @Override
    public void start() {
        if (started.getAndSet(true)) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "start exec " + id() + ": it was started already");
        }
        boolean done = false;
        try {
            Path document = writeDocument();
            Monitor.Held held = task.owner()
                    .monitor()
                    .exec(
                            task.runtime(),
                            new Monitor.Holding(
                                    task.id(),
                                    directory,
                                    Optional.empty(),
                                    spec.terminal(),
                                    spec.openStdin(),
                                    spec.terminal()),
                            document,
                            stdio::open);
            watch(held);
            done = true;
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "start exec " + id() + ": " + e.getMessage(), e);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private void watch(Monitor.Held held) {
        // a process that has ended already can't be told by its start time, and needn't be
        ProcessIdentity running =
                ProcessIdentity.of(held.pid()).orElseGet(() -> new ProcessIdentity(held.pid(), Long.MIN_VALUE));
        ProcessIdentity monitor = ProcessIdentity.of(held.monitor().pid())
                .orElseGet(() -> new ProcessIdentity(held.monitor().pid(), Long.MIN_VALUE));
        process = running;
        var _ = new ExitWatch(directory, stdio)
                .watch(running, monitor, () -> false)
                .thenAccept(status -> {
                    exited.complete(status);
                    removeFiles();
                    task.forget(this);
                });
    }

    private Path writeDocument() throws IOException {
        RuntimeSpec config = Objects.requireNonNull(
                TaskRecord.CONFIG.fromJson(Files.readAllBytes(task.directory().resolve("config.json"))));
        RuntimeSpec.ProcessConfig first = config.process();
        List<String> all = task.owner().host().capabilities();
        RuntimeSpec.ProcessConfig document = new RuntimeSpec.ProcessConfig(
                spec.terminal(),
                Bundle.box(spec.terminal(), spec.terminalRows(), spec.terminalColumns()),
                spec.user() == null || spec.user().isEmpty()
                        ? first.user()
                        : Bundle.user(Path.of(task.record().rootfs()), spec.user(), List.of()),
                spec.args(),
                Environment.extended(first.env(), spec.terminal(), spec.env()),
                spec.cwd() == null || spec.cwd().isEmpty() ? first.cwd() : spec.cwd(),
                spec.privileged() ? Bundle.sets(all) : first.capabilities(),
                first.rlimits(),
                first.noNewPrivileges(),
                first.oomScoreAdj());
        Files.createDirectories(directory);
        Path file = directory.resolve("process.json");
        Files.write(file, TaskRecord.PROCESS.toJsonBytes(document));
        return file;
    }

    @Override
    public Attachment attach(boolean withInput) {
        return stdio.attach(withInput && spec.openStdin());
    }

    @Override
    public void resize(int rows, int columns) {
        if (!spec.terminal()) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "resize exec " + id() + ": it has no terminal");
        }
        Terminals.resize(control, "exec " + id(), rows, columns);
    }

    @Override
    public CompletableFuture<ExitStatus> exited() {
        return exited.copy();
    }

    @Override
    public void kill(int signal) {
        ProcessIdentity running = process;
        if (running == null) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "kill exec " + id() + ": it is not running");
        }
        try (PidFd target = PidFd.open(running)) {
            target.signal(signal);
        } catch (ErrnoException e) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "kill exec " + id() + ": it is not running", e);
        }
    }

    @Override
    public void close() {
        stdio.close();
        if (process == null) {
            removeFiles();
            task.forget(this);
        }
    }

    /** Waits until nothing writes into the exec's directory any more. */
    void awaitEnd() {
        if (process != null) {
            exited.join();
        }
    }

    /** Drops what this engine holds; the process goes on. */
    void release() {
        stdio.close();
    }

    private void removeFiles() {
        MonitoredRuntime.removeTree(directory);
    }
}
