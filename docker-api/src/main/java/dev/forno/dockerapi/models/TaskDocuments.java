package dev.forno.dockerapi.models;

import dev.forno.engine.containers.Attachment.AttachOptions;
import dev.forno.engine.containers.ContainerFiles.Change;
import dev.forno.engine.containers.ContainerFiles.PathStat;
import dev.forno.engine.containers.Execs.Exec;
import dev.forno.engine.containers.Execs.ExecRequest;
import dev.forno.engine.containers.Execs.ExecStart;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents about running containers, further processes in them, and their files. */
public final class TaskDocuments {
    private TaskDocuments() {}

    /** What the user should know. */
    @Json
    public record Warnings(@Json.Property("Warnings") List<String> warnings) {}

    /** How a run ended. */
    @Json
    public record WaitResult(
            @Json.Property("StatusCode") int statusCode,
            @Json.Property("Error") @Nullable WaitError error) {}

    /** Why there is no real exit code. */
    @Json
    public record WaitError(@Json.Property("Message") String message) {}

    /** A table of processes. */
    @Json
    public record Top(
            @Json.Property("Titles") List<String> titles,
            @Json.Property("Processes") List<List<String>> processes) {}

    /** One difference to the image: 0 modified, 1 added, 2 deleted. */
    @Json
    public record ChangeDocument(
            @Json.Property("Path") String path,
            @Json.Property("Kind") int kind) {}

    /** The document of {@code change}. */
    public static ChangeDocument change(Change change) {
        int kind =
                switch (change.kind()) {
                    case MODIFIED -> 0;
                    case ADDED -> 1;
                    case DELETED -> 2;
                };
        return new ChangeDocument(change.path(), kind);
    }

    /** What is at a path. */
    @Json
    public record Stat(String name, long size, long mode, String mtime, String linkTarget) {}

    /** The document of {@code stat}. */
    public static Stat stat(PathStat stat) {
        return new Stat(stat.name(), stat.size(), stat.mode(), GoTimes.rfc3339(stat.modified()), stat.linkTarget());
    }

    /** The body of an exec's creation. */
    @Json
    public record ExecCreation(
            @Json.Property("User") @Nullable String user,
            @Json.Property("Privileged") @Nullable Boolean privileged,
            @Json.Property("Tty") @Nullable Boolean tty,
            @Json.Property("ConsoleSize") @Nullable List<Integer> consoleSize,
            @Json.Property("AttachStdin") @Nullable Boolean attachStdin,
            @Json.Property("AttachStderr") @Nullable Boolean attachStderr,
            @Json.Property("AttachStdout") @Nullable Boolean attachStdout,
            @Json.Property("DetachKeys") @Nullable String detachKeys,
            @Json.Property("Env") @Nullable Texts env,
            @Json.Property("WorkingDir") @Nullable String workingDir,
            @Json.Property("Cmd") @Nullable Texts cmd) {
        /** The wishes in this document; throws {@link ErrorKind#INVALID_ARGUMENT} without a command. */
        public ExecRequest toEngine() {
            List<String> command = Texts.orEmpty(cmd);
            if (command.isEmpty()) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "No exec command specified");
            }
            return new ExecRequest(
                    command,
                    Texts.orEmpty(env),
                    Or.empty(user),
                    Or.empty(workingDir),
                    Or.no(tty),
                    Or.no(privileged),
                    new AttachOptions(
                            Or.no(attachStdin),
                            Or.no(attachStdout),
                            Or.no(attachStderr),
                            false,
                            true,
                            Or.empty(detachKeys)));
        }
    }

    /** The answer to an exec's creation. */
    @Json
    public record ExecCreated(@Json.Property("Id") String id) {}

    /** The body of an exec's start. */
    @Json
    public record ExecStarting(
            @Json.Property("Detach") @Nullable Boolean detach,
            @Json.Property("Tty") @Nullable Boolean tty,
            @Json.Property("ConsoleSize") @Nullable List<Integer> consoleSize) {
        /** Attached, without a size. */
        public static final ExecStarting EMPTY = new ExecStarting(null, null, null);

        /** Whether nothing is attached. */
        public boolean detached() {
            return Or.no(detach);
        }

        /** The wishes in this document. */
        public ExecStart toEngine() {
            List<Integer> size = consoleSize;
            return new ExecStart(size == null || size.size() != 2 ? null : List.copyOf(size));
        }
    }

    /** One exec. */
    @Json
    public record ExecDocument(
            @Json.Property("ID") String id,
            @Json.Property("Running") boolean running,
            @Json.Property("ExitCode") @Nullable Integer exitCode,
            @Json.Property("ProcessConfig") ProcessDocument processConfig,
            @Json.Property("OpenStdin") boolean openStdin,
            @Json.Property("OpenStderr") boolean openStderr,
            @Json.Property("OpenStdout") boolean openStdout,
            @Json.Property("CanRemove") boolean canRemove,
            @Json.Property("ContainerID") String containerId,
            @Json.Property("DetachKeys") String detachKeys,
            @Json.Property("Pid") int pid) {}

    /** What an exec runs. */
    @Json
    public record ProcessDocument(
            boolean tty,
            String entrypoint,
            List<String> arguments,
            boolean privileged,
            @Nullable String user) {}

    /** The document of {@code exec}. */
    public static ExecDocument exec(Exec exec) {
        ExecRequest request = exec.request();
        List<String> command = request.cmd();
        return new ExecDocument(
                exec.id(),
                exec.running(),
                exec.exitCode(),
                new ProcessDocument(
                        request.tty(),
                        command.getFirst(),
                        command.subList(1, command.size()),
                        request.privileged(),
                        request.user().isEmpty() ? null : request.user()),
                request.stdio().stdin(),
                request.stdio().stderr(),
                request.stdio().stdout(),
                false,
                exec.containerId(),
                request.stdio().detachKeys(),
                exec.pid());
    }
}
