package dev.forno.runtime.monitors;

import dev.forno.linux.processes.Command;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the OCI runtime's program (OCI runtime spec, runtime.md; the command line that runc and crun share). Each call
 * is one short process; interrupting the thread kills it.
 *
 * @param name {@code runc}, {@code crun} or the file name of an override
 * @param program its path
 * @param root where it keeps its own state
 */
public record OciRuntime(String name, Path program, Path root) {
    /** What these programs, and the helpers they may call, need of the environment. */
    static final List<String> ENVIRONMENT =
            List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8");

    /** Lets a created container run. */
    public void start(String id) {
        require(run("start", id), "start", id);
    }

    /** Freezes a container. */
    public void pause(String id) {
        require(run("pause", id), "pause", id);
    }

    /** Thaws a container. */
    public void resume(String id) {
        require(run("resume", id), "resume", id);
    }

    /** Changes limits. */
    public void update(String id, Path resources) {
        require(run("update", "--resources", resources.toString(), id), "update", id);
    }

    /** Kills what still runs and forgets the container; nothing happens when it doesn't know it. */
    public void delete(String id) {
        Command.Result result = run("delete", "--force", id);
        if (result.exitCode() != 0 && !isUnknown(result.errors())) {
            throw failure("delete", id, result);
        }
    }

    /** The state that the runtime tells, as {@code created} or {@code running}; empty when it doesn't know the container. */
    public String status(String id) {
        Command.Result result = run("state", id);
        if (result.exitCode() != 0) {
            return "";
        }
        return RuntimeState.parse(result.output()).status();
    }

    /** The arguments before the command, also for the monitor's calls. */
    List<String> globalArguments(Path log) {
        return List.of("--root=" + root, "--log=" + log, "--log-format=json");
    }

    private Command.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--root=" + root));
        command.addAll(List.of(arguments));
        try {
            return Command.run(command, ENVIRONMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, String.join(" ", command) + ": interrupted", e);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, "run " + program + ": " + e.getMessage(), e);
        }
    }

    private void require(Command.Result result, String verb, String id) {
        if (result.exitCode() != 0) {
            throw failure(verb, id, result);
        }
    }

    private FornoException failure(String verb, String id, Command.Result result) {
        return RuntimeErrors.of(verb, id, result.errors().isBlank() ? result.output() : result.errors());
    }

    private static boolean isUnknown(String errors) {
        return errors.contains("does not exist") || errors.contains("No such file or directory");
    }
}
