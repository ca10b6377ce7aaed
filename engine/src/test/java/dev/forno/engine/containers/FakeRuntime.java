package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.Chunk;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExecTask;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.ProcessList;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.RuntimeFacts;
import dev.forno.runtime.tasks.Stats;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskSpec;
import dev.forno.runtime.tasks.TaskState;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Tasks without processes, ended by the test or by the signals that they don't ignore. */
final class FakeRuntime implements ContainerRuntime {
    final Map<String, FakeTask> tasks = new ConcurrentSkipListMap<>();
    final List<TaskSpec> created = new ArrayList<>();
    /** Thrown by the next create. */
    @Nullable
    FornoException createFailure;
    /** Thrown by the next start. */
    @Nullable
    FornoException startFailure;
    /** Signals that new tasks ignore. */
    List<Integer> ignored = List.of();

    @Override
    public RuntimeFacts facts() {
        return new RuntimeFacts("fake", Path.of("/fake"), "1", "test", Path.of("/conmon"), "1", 2, true, List.of());
    }

    @Override
    public List<String> degraded(ProcessSpec process) {
        return process.rlimits().stream().map(r -> r.name() + " was lowered").toList();
    }

    @Override
    public Task create(TaskSpec spec) {
        FornoException failure = createFailure;
        createFailure = null;
        if (failure != null) {
            throw failure;
        }
        created.add(spec);
        FakeTask task = new FakeTask(spec.id());
        tasks.put(spec.id(), task);
        return task;
    }

    @Override
    public Optional<Task> adopt(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    @Override
    public List<String> ids() {
        return List.copyOf(tasks.keySet());
    }

    @Override
    public void close() {}

    final class FakeTask implements Task {
        private final String id;
        final List<Integer> signals = new ArrayList<>();
        final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
        TaskState state = TaskState.CREATED;
        int attachments;

        FakeTask(String id) {
            this.id = id;
        }

        void end(int code) {
            state = TaskState.STOPPED;
            exit.complete(new ExitStatus(code, Instant.ofEpochSecond(2_000), false));
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public int pid() {
            return 4711;
        }

        @Override
        public void start() {
            FornoException failure = startFailure;
            startFailure = null;
            if (failure != null) {
                throw failure;
            }
            state = TaskState.RUNNING;
        }

        @Override
        public Attachment attach(boolean withInput) {
            attachments++;
            return new Attachment() {
                @Override
                public OutputStream stdin() {
                    return OutputStream.nullOutputStream();
                }

                @Override
                public Optional<Chunk> read() {
                    return Optional.empty();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void resize(int rows, int columns) {}

        @Override
        public CompletionStage<ExitStatus> exited() {
            return exit;
        }

        @Override
        public TaskState state() {
            return state;
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public void kill(int signal) {
            signals.add(signal);
            if (!ignored.contains(signal)) {
                end(128 + signal);
            }
        }

        @Override
        public void pause() {
            state = TaskState.PAUSED;
        }

        @Override
        public void resume() {
            if (state == TaskState.PAUSED) {
                state = TaskState.RUNNING;
            }
        }

        @Override
        public ExecTask exec(ExecSpec spec) {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "exec");
        }

        @Override
        public Stats stats() {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "stats");
        }

        @Override
        public ProcessList processes(List<String> psArguments) {
            return new ProcessList(List.of("PID"), List.of(List.of("4711")));
        }

        @Override
        public void update(Resources resources) {}

        @Override
        public void delete() {
            tasks.remove(id);
        }
    }
}
