package dev.forno.runtime.monitors;

import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.bundles.Bundle;
import dev.forno.runtime.bundles.HostFacts;
import dev.forno.runtime.bundles.Limits;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.runtime.tasks.RuntimeFacts;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tasks as directories, each with a monitor process that holds the container. */
final class MonitoredRuntime implements ContainerRuntime {
    private static final Logger LOG = System.getLogger(MonitoredRuntime.class.getName());

    /** The OCI runtime's own state; no task's id begins with a dot. */
    private static final String OCI_STATE = ".oci";

    private final RuntimeConfig config;
    private final RuntimeFacts facts;
    private final OciRuntime runtime;
    private final Monitor monitor;
    private final HostFacts host;
    private final LogRotation rotation;
    private final Map<String, MonitoredTask> tasks = new ConcurrentHashMap<>();

    MonitoredRuntime(RuntimeConfig config, RuntimeFacts facts, HostFacts host) {
        this.config = config;
        this.facts = facts;
        this.runtime =
                new OciRuntime(facts.name(), facts.path(), config.runDirectory().resolve(OCI_STATE));
        this.monitor = new Monitor(facts.monitor());
        this.host = host;
        this.rotation = new LogRotation();
    }

    Monitor monitor() {
        return monitor;
    }

    HostFacts host() {
        return host;
    }

    @Override
    public RuntimeFacts facts() {
        return facts;
    }

    @Override
    public List<String> degraded(ProcessSpec process) {
        List<String> warnings = new ArrayList<>();
        Limits.rlimits(process, host, warnings);
        Limits.oomScoreAdjust(process, host, warnings);
        return List.copyOf(warnings);
    }

    @Override
    public Task create(TaskSpec spec) {
        String id = Names.checked(spec.id());
        Path directory = config.runDirectory().resolve(id);
        String parent = spec.cgroupParent() == null ? config.cgroupParent() : spec.cgroupParent();
        Cgroup cgroup = cgroup(parent, id);
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            throw new FornoException(ErrorKind.ALREADY_EXISTS, "create task " + id + ": the id is in use", e);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "create task " + id + ": " + e.getMessage(), e);
        }
        boolean done = false;
        try {
            MonitoredTask task = hold(spec, directory, cgroup);
            tasks.put(id, task);
            rotation.add(task);
            done = true;
            return task;
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "create task " + id + ": " + e.getMessage(), e);
        } finally {
            if (!done) {
                discard(id, directory, runtime, cgroup);
            }
        }
    }

    private MonitoredTask hold(TaskSpec spec, Path directory, Cgroup cgroup) throws IOException {
        Bundle bundle = Bundle.of(spec, host, cgroup.path());
        Files.write(directory.resolve("cgroup"), cgroup.path().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.write(directory.resolve("config.json"), TaskRecord.CONFIG.toJsonBytes(bundle.spec()));
        Logging.@Nullable File log = spec.logging() instanceof Logging.File file ? file : null;
        ProcessSpec process = spec.process();
        Monitor.Held held = monitor.create(
                runtime,
                new Monitor.Holding(
                        spec.id(),
                        directory,
                        Optional.ofNullable(log).map(MonitoredRuntime::loggable),
                        process.terminal(),
                        process.openStdin(),
                        !process.stdinOnce() || process.terminal()));
        ProcessIdentity first = identity(held.pid(), "process");
        ProcessIdentity holder = identity(held.monitor().pid(), "monitor");
        TaskRecord record = new TaskRecord(
                spec.id(),
                runtime.name(),
                runtime.program().toString(),
                first.pid(),
                first.startTime(),
                holder.pid(),
                holder.startTime(),
                process.terminal(),
                process.openStdin(),
                process.openStdin() && process.stdinOnce(),
                cgroup.path(),
                spec.rootfs().toString(),
                log == null ? null : log.path().toString(),
                log == null ? 0 : log.maxBytes(),
                log == null ? 1 : log.maxFiles(),
                bundle.warnings());
        record.write(directory);
        return new MonitoredTask(this, record, directory, runtime);
    }

    @Override
    public Optional<Task> adopt(String id) {
        MonitoredTask known = tasks.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Path directory = config.runDirectory().resolve(Names.checked(id));
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try {
            TaskRecord record = TaskRecord.read(directory);
            MonitoredTask task = new MonitoredTask(
                    this,
                    record,
                    directory,
                    new OciRuntime(record.runtimeName(), Path.of(record.runtimeProgram()), runtime.root()));
            if (!task.isMarkedStarted() && task.runtime().status(id).equals("running")) {
                task.markStarted();
            }
            MonitoredTask other = tasks.putIfAbsent(id, task);
            if (other != null) {
                task.release();
                return Optional.of(other);
            }
            rotation.add(task);
            return Optional.of(task);
        } catch (NoSuchFileException e) {
            discard(id, directory, runtime, cgroupOf(directory, id));
            return Optional.empty();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "adopt task " + id + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> ids() {
        try (Stream<Path> entries = Files.list(config.runDirectory())) {
            return entries.map(p -> String.valueOf(p.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "list " + config.runDirectory() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Removes everything of a task but its log, to the end, whatever fails and however often the caller is interrupted. As
     * long as a process is left, the directory stays, so that the task can be found and deleted again.
     */
    void remove(MonitoredTask task) {
        List<Exception> ofRuntime = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        Uninterrupted.run(() -> takeDown(task, ofRuntime, failures));
        if (failures.isEmpty()) {
            ofRuntime.forEach(
                    e -> LOG.log(Level.WARNING, "delete task " + task.id() + ": removed without the runtime", e));
            return;
        }
        failures.addAll(0, ofRuntime);
        FornoException all = new FornoException(
                ErrorKind.INTERNAL,
                "delete task " + task.id() + ": "
                        + String.join(
                                "; ",
                                failures.stream().map(Exception::getMessage).toList()));
        failures.forEach(all::addSuppressed);
        throw all;
    }

    /**
     * Takes everything down.
     *
     * @param ofRuntime takes what the OCI runtime says, which is of no account when nothing is left without it
     */
    private void takeDown(MonitoredTask task, List<Exception> ofRuntime, List<Exception> failures) {
        Cgroup cgroup = cgroup(task.record().cgroup());
        Path state = task.runtime().root().resolve(task.id());
        attempt(failures, task::closeExecs);
        if (!attempt(ofRuntime, () -> task.runtime().delete(task.id()))) {
            // without the OCI runtime the kernel is asked directly
            attempt(failures, () -> Leftovers.killMonitors(task.directory()));
        }
        rotation.remove(task);
        if (!attempt(failures, () -> Leftovers.killAll(cgroup))) {
            return;
        }
        task.awaitEnd();
        if (!attempt(failures, () -> Leftovers.remove(cgroup))) {
            return;
        }
        attempt(failures, () -> removeTree(state));
        attempt(failures, () -> removeTree(task.directory()));
        tasks.remove(task.id(), task);
    }

    /** Removes what a creation left that failed or was cut off; its failure is told already, or nobody asked. */
    private void discard(String id, Path directory, OciRuntime by, Cgroup cgroup) {
        List<Exception> failures = new ArrayList<>();
        Uninterrupted.run(() -> {
            Path state = by.root().resolve(id);
            if (Files.exists(state)) {
                attempt(failures, () -> by.delete(id));
            }
            attempt(failures, () -> Leftovers.killMonitors(directory));
            if (attempt(failures, () -> Leftovers.killAll(cgroup))
                    && attempt(failures, () -> Leftovers.remove(cgroup))) {
                attempt(failures, () -> removeTree(state));
                attempt(failures, () -> removeTree(directory));
            }
        });
        if (!failures.isEmpty()) {
            LOG.log(Level.WARNING, "remove half-made task " + id + ": " + failures);
        }
    }

    @Override
    public void close() {
        rotation.close();
        tasks.values().forEach(MonitoredTask::release);
        tasks.clear();
        try {
            cgroup(config.cgroupParent()).removeIfEmpty();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "remove cgroup " + config.cgroupParent() + ": " + e.getMessage());
        }
    }

    /** Whether the step went well. */
    private static boolean attempt(List<Exception> failures, Runnable step) {
        try {
            step.run();
            return true;
        } catch (FornoException | UncheckedIOException e) {
            failures.add(e);
            return false;
        }
    }

    static void removeTree(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // somebody was faster
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Cgroup cgroup(String parent, String id) {
        return cgroup((parent.startsWith("/") ? parent : "/" + parent) + "/" + id);
    }

    private static Cgroup cgroup(String path) {
        try {
            return new Cgroup(CgroupVersion.detect(), Path.of(path).normalize().toString());
        } catch (IllegalArgumentException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid cgroup parent: " + path, e);
        }
    }

    private Cgroup cgroupOf(Path directory, String id) {
        try {
            return cgroup(Files.readString(directory.resolve("cgroup")));
        } catch (IOException e) {
            return cgroup(config.cgroupParent(), id);
        }
    }

    private static Path loggable(Logging.File log) {
        if (log.path().toString().contains(":")) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "log to " + log.path() + ": the monitor can't write to a path with a colon");
        }
        return log.path();
    }

    private static ProcessIdentity identity(int pid, String what) throws IOException {
        return ProcessIdentity.of(pid)
                .orElseThrow(() -> new IOException("the " + what + " " + pid + " has ended unexpectedly"));
    }
}
