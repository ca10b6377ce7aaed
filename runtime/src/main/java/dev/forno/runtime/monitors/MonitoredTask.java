package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.linux.processes.PidFd;
import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.bundles.Limits;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExecTask;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.ProcessList;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.Stats;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A task held by a monitor process. */
final class MonitoredTask implements Task {
    private static final String STARTED = "started";

    private final MonitoredRuntime owner;
    private final TaskRecord record;
    private final Path directory;
    private final OciRuntime runtime;
    private final Cgroup cgroup;
    private final Stdio stdio;
    private final Control control;
    private final CompletableFuture<ExitStatus> exited;
    private final Map<String, MonitoredExec> execs = new ConcurrentHashMap<>();

    MonitoredTask(MonitoredRuntime owner, TaskRecord record, Path directory, OciRuntime runtime) {
        this.owner = owner;
        this.record = record;
        this.directory = directory;
        this.runtime = runtime;
        this.cgroup = new Cgroup(CgroupVersion.detect(), record.cgroup());
        this.control = new Control(directory);
        this.stdio = new Stdio(directory.resolve("attach"), record.stdinOnce() && !record.terminal(), true);
        this.exited = new ExitWatch(directory, stdio).watch(process(), monitor(), this::wasOomKilled);
    }

    TaskRecord record() {
        return record;
    }

    Path directory() {
        return directory;
    }

    Control control() {
        return control;
    }

    OciRuntime runtime() {
        return runtime;
    }

    MonitoredRuntime owner() {
        return owner;
    }

    @Override
    public String id() {
        return record.id();
    }

    @Override
    public int pid() {
        return record.pid();
    }

    @Override
    public List<String> warnings() {
        return record.warnings();
    }

    @Override
    public TaskState state() {
        if (exited.isDone()) {
            return TaskState.STOPPED;
        }
        if (!Files.exists(directory.resolve(STARTED))) {
            return TaskState.CREATED;
        }
        try {
            return cgroup.isFrozen() ? TaskState.PAUSED : TaskState.RUNNING;
        } catch (IOException e) {
            throw internal("read state", e);
        }
    }

    @Override
    public void start() {
        if (Files.exists(directory.resolve(STARTED))) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "start task " + id() + ": it was started already");
        }
        runtime.start(id());
        markStarted();
    }

    void markStarted() {
        try {
            Files.writeString(directory.resolve(STARTED), "");
        } catch (IOException e) {
            throw internal("start", e);
        }
    }

    boolean isMarkedStarted() {
        return Files.exists(directory.resolve(STARTED));
    }

    @Override
    public Attachment attach(boolean withInput) {
        return stdio.attach(withInput && record.openStdin());
    }

    @Override
    public void resize(int rows, int columns) {
        if (!record.terminal()) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "resize task " + id() + ": it has no terminal");
        }
        Terminals.resize(control, "task " + id(), rows, columns);
    }

    @Override
    public CompletableFuture<ExitStatus> exited() {
        return exited.copy();
    }

    @Override
    public void kill(int signal) {
        try (PidFd target = PidFd.open(process())) {
            target.signal(signal);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ESRCH) {
                throw notRunning("kill");
            }
            throw internal("kill", e);
        }
    }

    @Override
    public void pause() {
        requireRunning("pause");
        runtime.pause(id());
    }

    @Override
    public void resume() {
        requireRunning("resume");
        runtime.resume(id());
    }

    @Override
    public ExecTask exec(ExecSpec spec) {
        requireRunning("exec in");
        Path place = directory.resolve("execs").resolve(Names.checked(spec.id()));
        MonitoredExec exec = new MonitoredExec(this, spec, place);
        if (execs.putIfAbsent(spec.id(), exec) != null) {
            throw new FornoException(
                    ErrorKind.ALREADY_EXISTS, "exec in task " + id() + ": exec " + spec.id() + " exists already");
        }
        return exec;
    }

    void forget(MonitoredExec exec) {
        execs.remove(exec.id(), exec);
    }

    @Override
    public Stats stats() {
        requireRunning("read statistics of");
        try {
            return new StatsReader(cgroup, pid()).read();
        } catch (IOException e) {
            throw internal("read statistics", e);
        }
    }

    @Override
    public ProcessList processes(List<String> psArguments) {
        requireRunning("list processes of");
        try {
            return ProcessTable.list(cgroup.processes(), psArguments);
        } catch (IOException e) {
            throw internal("list processes", e);
        }
    }

    @Override
    public void update(Resources resources) {
        requireRunning("update");
        Path file = directory.resolve("update.json");
        try {
            Files.write(file, TaskRecord.RESOURCES.toJsonBytes(Limits.of(resources, null)));
            runtime.update(id(), file);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw internal("update", e);
        }
    }

    @Override
    public void delete() {
        owner.remove(this);
    }

    void closeExecs() {
        execs.values().forEach(MonitoredExec::close);
    }

    /** Waits until the monitors have ended, too: nothing of the task writes into its directory any more. */
    void awaitEnd() {
        exited.join();
        execs.values().forEach(MonitoredExec::awaitEnd);
    }

    /** Drops what this engine holds; the task goes on. */
    void release() {
        execs.values().forEach(MonitoredExec::release);
        stdio.close();
    }

    private ProcessIdentity process() {
        return new ProcessIdentity(record.pid(), record.pidStartTime());
    }

    private ProcessIdentity monitor() {
        return new ProcessIdentity(record.monitorPid(), record.monitorStartTime());
    }

    private boolean wasOomKilled() {
        try {
            return cgroup.oomKills() > 0;
        } catch (IOException e) {
            return false; // the monitor's own mark tells
        }
    }

    private void requireRunning(String verb) {
        if (exited.isDone() || !process().isAlive()) {
            throw notRunning(verb);
        }
    }

    private FornoException notRunning(String verb) {
        return new FornoException(ErrorKind.FAILED_PRECONDITION, verb + " task " + id() + ": it is not running");
    }

    private FornoException internal(String verb, IOException e) {
        return new FornoException(ErrorKind.INTERNAL, verb + " task " + id() + ": " + e.getMessage(), e);
    }
}
