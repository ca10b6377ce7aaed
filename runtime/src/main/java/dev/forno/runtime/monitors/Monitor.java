package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.processes.CapturedOutput;
import dev.forno.linux.processes.ChildProcess;
import dev.forno.linux.processes.Spawn;
import dev.forno.linux.sockets.Pipe;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The monitor's program (conmon): one process per container or exec that holds its stdio, serves attachments, writes the
 * log and the exit file, and outlives the engine.
 *
 * @param program its path
 */
public record Monitor(Path program) {
    private static final int SYNC = 3;
    private static final int START = 4;
    private static final int READY = 5;
    private static final int SIGKILL = 9;

    /** How long a monitor that has reported a failure may take to end. */
    private static final int GRACE_SECONDS = 5;

    /**
     * A monitor that holds a process.
     *
     * @param monitor the monitor's own process
     * @param pid the held process
     */
    public record Held(ChildProcess monitor, int pid) {}

    /**
     * How the process is held.
     *
     * @param id the container's id for the OCI runtime
     * @param directory an own directory: for a container its bundle; it gets attach socket, control fifo and exit file
     * @param log the log file, empty for none
     * @param terminal whether stdio is a terminal
     * @param stdin whether there is an input
     * @param keepStdin whether the input stays open when an attachment goes
     */
    public record Holding(
            String id, Path directory, Optional<Path> log, boolean terminal, boolean stdin, boolean keepStdin) {}

    /** Creates a container from the bundle in the directory; throws what the runtime says, in Docker's words. */
    public Held create(OciRuntime runtime, Holding holding) {
        try (Pipe sync = Pipe.open();
                CapturedOutput errors = CapturedOutput.open()) {
            List<String> command = command(runtime, holding);
            ChildProcess monitor = spawn(command, holding, Map.of(SYNC, sync.writeEnd(), 2, errors.descriptor()));
            sync.closeWrite();
            return heldOrGone(monitor, () -> held(monitor, sync, errors, "create", holding.id()));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /**
     * Starts a further process in a container.
     *
     * @param process the file with the process' document
     * @param beforeStart is called when the attach socket is there and nothing runs yet
     */
    public Held exec(OciRuntime runtime, Holding holding, Path process, Runnable beforeStart) {
        try (Pipe sync = Pipe.open();
                Pipe start = Pipe.open();
                Pipe ready = Pipe.open();
                CapturedOutput errors = CapturedOutput.open()) {
            List<String> command = command(runtime, holding);
            command.addAll(List.of("--exec", "--exec-attach", "--exec-process-spec", process.toString()));
            ChildProcess monitor = spawn(
                    command,
                    holding,
                    Map.of(
                            SYNC,
                            sync.writeEnd(),
                            START,
                            start.readEnd(),
                            READY,
                            ready.writeEnd(),
                            2,
                            errors.descriptor()));
            sync.closeWrite();
            ready.closeWrite();
            start.closeRead();
            return heldOrGone(monitor, () -> {
                start.write(new byte[] {'\n'});
                if (ready.readLine().isEmpty()) {
                    throw refused(errors, "exec", holding.id());
                }
                beforeStart.run();
                start.write(new byte[] {'\n'});
                return held(monitor, sync, errors, "exec", holding.id());
            });
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private List<String> command(OciRuntime runtime, Holding holding) {
        Path directory = holding.directory();
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--api-version=1",
                "--cid=" + holding.id(),
                "--cuuid=" + holding.id(),
                "--runtime=" + runtime.program(),
                "--bundle=" + directory,
                "--container-pidfile=" + directory.resolve("pid"),
                "--persist-dir=" + directory,
                "--full-attach",
                "--log-level=error",
                "--log-path=" + holding.log().map(log -> "k8s-file:" + log).orElse("none"),
                "--no-sync-log",
                "--sync"));
        for (String argument : runtime.globalArguments(directory.resolve("runtime.log"))) {
            command.add("--runtime-arg=" + argument);
        }
        if (holding.terminal()) {
            command.add("--terminal");
        }
        if (holding.stdin()) {
            command.add("--stdin");
            if (holding.keepStdin()) {
                command.add("--leave-stdin-open");
            }
        }
        return command;
    }

    private static ChildProcess spawn(List<String> command, Holding holding, Map<Integer, Integer> descriptors)
            throws ErrnoException {
        List<String> environment = new ArrayList<>(OciRuntime.ENVIRONMENT);
        Map<Integer, String> names =
                new HashMap<>(Map.of(SYNC, "_OCI_SYNCPIPE", START, "_OCI_STARTPIPE", READY, "_OCI_ATTACHPIPE"));
        names.forEach((number, name) -> {
            if (descriptors.containsKey(number)) {
                environment.add(name + "=" + number);
            }
        });
        return Spawn.start(command, environment, holding.directory(), descriptors);
    }

    /** On failure, also when the caller is interrupted, the monitor is gone before anybody looks for what it left. */
    private static Held heldOrGone(ChildProcess monitor, Callable<Held> steps) throws IOException {
        boolean done = false;
        try {
            Held held = steps.call();
            done = true;
            return held;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            if (!done) {
                end(monitor);
            }
        }
    }

    private static void end(ChildProcess monitor) {
        boolean interrupted = Thread.interrupted();
        try {
            monitor.exited().get(interrupted ? 0 : GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException e) {
            interrupted |= e instanceof InterruptedException;
            try {
                // the runtime that it called dies with it
                monitor.signal(SIGKILL);
                monitor.exited().join();
            } catch (ErrnoException gone) {
                // it has ended just now
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Reads the monitor's answer: the pid, or a negative number with the runtime's message. */
    private static Held held(ChildProcess monitor, Pipe sync, CapturedOutput errors, String verb, String id)
            throws IOException {
        Optional<String> line = sync.readLine();
        if (line.isEmpty()) {
            throw refused(errors, verb, id);
        }
        SyncMessage message = SyncMessage.parse(line.get());
        if (message.data() <= 0) {
            throw RuntimeErrors.of(verb, id, message.message() == null ? errors.text() : message.message());
        }
        return new Held(monitor, message.data());
    }

    private static FornoException refused(CapturedOutput errors, String verb, String id) throws IOException {
        String said = errors.text().strip();
        return new FornoException(
                ErrorKind.INTERNAL,
                verb + " " + id + ": the monitor ended without an answer" + (said.isEmpty() ? "" : ": " + said));
    }

    private FornoException unavailable(IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new FornoException(ErrorKind.CANCELLED, "run " + program + ": interrupted", e);
        }
        return new FornoException(ErrorKind.UNAVAILABLE, "run " + program + ": " + e.getMessage(), e);
    }
}
