package dev.forno.build.solvers;

import dev.forno.build.configs.ConfigDraft;
import dev.forno.build.contexts.Scratch;
import dev.forno.build.dockerfile.Heredoc;
import dev.forno.build.dockerfile.Instruction;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.network.hosts.HostsFile;
import dev.forno.network.hosts.ResolvConf;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Chunk;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Namespaces;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.TaskSpec;
import dev.forno.store.failures.Failures;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.snapshots.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Executes one RUN: a container over the stage's layers, whose changes become a layer. For one thread. */
final class RunStep {
    private static final String SCRIPT = "/dev/pipes/";

    private final Machine machine;
    private final RunOptions options;
    private final Path scratch;
    private final Consumer<String> output;

    /** {@code scratch} is a directory for the step's files. */
    RunStep(Machine machine, RunOptions options, Path scratch, Consumer<String> output) {
        this.machine = machine;
        this.options = options;
        this.scratch = scratch;
        this.output = output;
    }

    /** The arguments that a RUN executes, which are also what the cache and the history see. */
    static List<String> arguments(Instruction.Run run, ConfigDraft draft) {
        List<String> plain = run.command().arguments(draft.shell());
        if (run.heredocs().isEmpty()) {
            return plain;
        }
        List<String> arguments = new ArrayList<>(draft.shell());
        if (run.isScript()) {
            arguments.add(run.heredocs().getFirst().body());
            return List.copyOf(arguments);
        }
        StringBuilder text = new StringBuilder(run.command().words().getFirst());
        for (Heredoc heredoc : run.heredocs()) {
            text.append('\n').append(heredoc.content()).append(heredoc.name());
        }
        arguments.add(text.toString());
        return List.copyOf(arguments);
    }

    /** Runs the command; the result is the layer of its changes. Throws {@link StepFailedException} when it fails. */
    StoredLayer execute(Instruction.Run run, StageState state, List<String> environment) {
        String id = machine.newId();
        String shortId = id.substring(0, 12);
        List<String> arguments = arguments(run, state.draft());
        Snapshot snapshot = MountPoints.prepare(machine.store(), Machine.SNAPSHOT_PREFIX + id, state.diffIds());
        boolean committed = false;
        try {
            output.accept(" ---> Running in " + shortId + "\n");
            int code = run(id, snapshot, arguments, run, state, environment);
            if (code != 0) {
                throw new StepFailedException(
                        "The command '" + String.join(" ", arguments) + "' returned a non-zero code: " + code,
                        code,
                        run.source().firstLine());
            }
            StoredLayer layer = machine.store().layers().commit(snapshot);
            committed = true;
            return layer;
        } catch (IOException e) {
            throw Failures.of("run step", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "run step: cancelled", e);
        } finally {
            if (!committed) {
                removeUninterrupted(snapshot);
            }
            output.accept("Removing intermediate container " + shortId + "\n");
        }
    }

    /** Clean-up has to happen although the step was cancelled. */
    private static void removeUninterrupted(Snapshot snapshot) {
        boolean interrupted = Thread.interrupted();
        try {
            snapshot.remove();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int run(
            String id,
            Snapshot snapshot,
            List<String> arguments,
            Instruction.Run run,
            StageState state,
            List<String> environment)
            throws IOException, InterruptedException {
        String network = run.network() == null || run.network().equals("default") ? options.network() : run.network();
        boolean attached = !network.equals("none") && !network.equals("host");
        Path directory = Files.createDirectories(scratch.resolve("run-" + id.substring(0, 12)));
        try {
            Endpoint endpoint = attached
                    ? machine.networks()
                            .attach(new EndpointSpec(
                                    id,
                                    "build-" + id.substring(0, 12),
                                    machine.network().get(),
                                    null,
                                    null,
                                    List.of()))
                    : null;
            List<MountSpec> mounts = files(directory, id, network, endpoint);
            List<String> command = script(run, directory, mounts, arguments);
            Namespaces namespaces =
                    switch (network) {
                        case "none" -> Namespaces.OWN;
                        case "host" -> Namespaces.OWN.withNetwork(new Namespaces.Host());
                        default ->
                            endpoint == null
                                    ? Namespaces.OWN
                                    : Namespaces.OWN.withNetwork(new Namespaces.Existing(Path.of(endpoint.netns())));
                    };
            TextDecoder decoder = new TextDecoder(output);
            ExitStatus status =
                    machine.runtime().run(spec(id, snapshot, command, state, environment, mounts, namespaces), decoder);
            decoder.finish();
            return status.code();
        } finally {
            boolean interrupted = Thread.interrupted();
            try {
                if (attached) {
                    machine.networks().detach(id);
                }
                Scratch.remove(directory);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private TaskSpec spec(
            String id,
            Snapshot snapshot,
            List<String> command,
            StageState state,
            List<String> environment,
            List<MountSpec> mounts,
            Namespaces namespaces) {
        ConfigDraft draft = state.draft();
        List<String> env = new ArrayList<>(draft.env());
        env.addAll(environment);
        ProcessSpec process = new ProcessSpec(
                command,
                env,
                draft.workingDirectory(),
                draft.user(),
                List.of(),
                false,
                0,
                0,
                false,
                false,
                options.rlimits(),
                0);
        return new TaskSpec(
                id,
                snapshot.mount(),
                false,
                process,
                id.substring(0, 12),
                null,
                mounts,
                List.of(),
                List.of(),
                namespaces,
                options.resources(),
                options.confinement(),
                Map.of(),
                options.shmSize(),
                false,
                Logging.NONE,
                options.cgroupParent(),
                Map.of());
    }

    /** The files about names that a container gets from outside. */
    private List<MountSpec> files(Path directory, String id, String network, @Nullable Endpoint endpoint)
            throws IOException {
        String hostname = id.substring(0, 12);
        String resolv = Files.exists(Path.of("/etc/resolv.conf")) ? Files.readString(Path.of("/etc/resolv.conf")) : "";
        String hosts;
        if (network.equals("host")) {
            hosts = Files.exists(Path.of("/etc/hosts")) ? Files.readString(Path.of("/etc/hosts")) : "";
        } else {
            resolv = ResolvConf.parse(resolv)
                    .forContainer(List.of(), List.of(), List.of())
                    .text();
            hosts = HostsFile.text(
                    endpoint == null ? "" : endpoint.ip(),
                    hostname,
                    "",
                    options.extraHosts(),
                    endpoint == null ? "" : endpoint.gateway());
        }
        List<MountSpec> mounts = new ArrayList<>();
        mounts.add(file(directory, "resolv.conf", resolv));
        mounts.add(file(directory, "hosts", hosts));
        mounts.add(file(directory, "hostname", hostname + "\n"));
        return mounts;
    }

    private static MountSpec file(Path directory, String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return MountSpec.Bind.of(file, "/etc/" + name, false);
    }

    /** A script that names its interpreter is executed as a file; adds its mount. */
    private static List<String> script(
            Instruction.Run run, Path directory, List<MountSpec> mounts, List<String> arguments) throws IOException {
        if (!run.isScript() || !run.heredocs().getFirst().body().startsWith("#!")) {
            return arguments;
        }
        String target = SCRIPT + "script";
        Path file = Files.writeString(
                directory.resolve("script"), run.heredocs().getFirst().body());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        mounts.add(MountSpec.Bind.of(file, target, true));
        return List.of(target);
    }

    /** Output of both streams as text; a character cut between two chunks is put together. */
    private static final class TextDecoder implements Consumer<Chunk> {
        private final Consumer<String> output;
        private final Utf8Pieces stdout = new Utf8Pieces();
        private final Utf8Pieces stderr = new Utf8Pieces();

        TextDecoder(Consumer<String> output) {
            this.output = output;
        }

        @Override
        public void accept(Chunk chunk) {
            Utf8Pieces pieces =
                    switch (chunk.stream()) {
                        case STDOUT -> stdout;
                        case STDERR -> stderr;
                    };
            send(pieces.decode(chunk.bytes(), false));
        }

        void finish() {
            send(stdout.decode(new byte[0], true));
            send(stderr.decode(new byte[0], true));
        }

        private void send(String text) {
            if (!text.isEmpty()) {
                output.accept(text);
            }
        }
    }
}
