package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.ExecSpec;
import dev.forno.runtime.tasks.ExecTask;
import dev.forno.runtime.tasks.StartFailure;
import dev.forno.runtime.tasks.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Further processes in running containers. */
final class ExecService implements Execs {
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Parts parts;
    private final ContainerEvents events;

    ExecService(Parts parts) {
        this.parts = parts;
        this.events = new ContainerEvents(parts.events());
    }

    @Override
    public String create(String containerRef, ExecRequest request) {
        ContainerEntry entry = parts.records().find(containerRef);
        if (request.cmd().isEmpty() || request.cmd().getFirst().isEmpty()) {
            throw OptionChecks.invalid("No exec command specified");
        }
        DetachKeys.parse(request.stdio().detachKeys());
        running(entry);
        forgetOld(entry);
        String id = parts.newId();
        entry.execs.put(id, new ExecEntry(id, entry, request));
        event(entry, id, "exec_create: " + String.join(" ", request.cmd()), Map.of());
        return id;
    }

    private void forgetOld(ContainerEntry entry) {
        entry.execs.values().removeIf(e -> e.endedBefore(parts.clock().instant().minus(KEPT)));
    }

    @Override
    public Attachment start(String execId, ExecStart start) {
        ExecEntry exec = find(execId);
        ExecRequest request = exec.request;
        ProcessAttachment attachment = new ProcessAttachment(
                request.stdio(),
                request.tty(),
                null,
                exec.end,
                () -> event(exec.container, exec.id, "exec_detach", Map.of()));
        launch(exec, start, attachment);
        return attachment;
    }

    @Override
    public void startDetached(String execId, ExecStart start) {
        launch(find(execId), start, null);
    }

    private void launch(ExecEntry exec, ExecStart start, @Nullable ProcessAttachment attachment) {
        Task task = running(exec.container);
        if (!exec.claimStart()) {
            throw new FornoException(ErrorKind.CONFLICT, "Error: Exec command " + exec.id + " is already running");
        }
        ExecTask process = null;
        try {
            process = task.exec(spec(exec, start, attachment != null));
            if (attachment != null) {
                attachment.connect(process);
            }
            process.start();
        } catch (RuntimeException e) {
            if (process != null) {
                process.close();
            }
            if (attachment != null) {
                attachment.close();
            }
            exec.ended(
                    e instanceof FornoException f ? StartFailure.exitCodeOf(f) : 128,
                    parts.clock().instant());
            throw e;
        }
        exec.running(process);
        event(exec.container, exec.id, "exec_start: " + String.join(" ", exec.request.cmd()), Map.of());
        process.exited().thenAccept(status -> {
            exec.ended(status.code(), status.time());
            event(exec.container, exec.id, "exec_die", Map.of("exitCode", Integer.toString(status.code())));
        });
    }

    private static ExecSpec spec(ExecEntry exec, ExecStart start, boolean attached) {
        ExecRequest request = exec.request;
        ContainerConfig config = exec.container.value().config();
        ConsoleSize console = ConsoleSize.of(start.consoleSize());
        return new ExecSpec(
                exec.id,
                request.cmd(),
                environment(config, request),
                request.workingDir().isEmpty() ? null : request.workingDir(),
                request.user().isEmpty() ? null : request.user(),
                request.tty(),
                console.rows(),
                console.columns(),
                attached && request.stdio().stdin(),
                request.privileged() || exec.container.value().host().security().privileged());
    }

    /** The container's variables and over them those of the request. */
    private static List<String> environment(ContainerConfig config, ExecRequest request) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : TaskSpecs.environment(config)) {
            variables.put(variable.substring(0, variable.indexOf('=')), variable);
        }
        if (request.tty()) {
            variables.putIfAbsent("TERM", "TERM=xterm");
        }
        for (String variable : request.env()) {
            int equals = variable.indexOf('=');
            if (equals < 0) {
                variables.remove(variable);
            } else {
                variables.put(variable.substring(0, equals), variable);
            }
        }
        return new ArrayList<>(variables.values());
    }

    @Override
    public Exec get(String execId) {
        return find(execId).snapshot();
    }

    @Override
    public void resize(String execId, int rows, int columns) {
        ExecTask task = find(execId).task();
        if (task == null) {
            throw new FornoException(ErrorKind.CONFLICT, "Exec " + execId + " is not running");
        }
        task.resize(rows, columns);
    }

    private ExecEntry find(String execId) {
        for (ContainerEntry entry : parts.records().entries()) {
            ExecEntry exec = entry.execs.get(execId);
            if (exec != null) {
                return exec;
            }
        }
        throw new FornoException(ErrorKind.NOT_FOUND, "No such exec instance: " + execId);
    }

    private static Task running(ContainerEntry entry) {
        if (entry.state().status() == ContainerStatus.PAUSED) {
            throw new FornoException(
                    ErrorKind.CONFLICT, "Container " + entry.id() + " is paused, unpause the container before exec");
        }
        return TaskService.running(entry);
    }

    private void event(ContainerEntry entry, String execId, String action, Map<String, String> more) {
        Map<String, String> attributes = new LinkedHashMap<>(more);
        attributes.put("execID", execId);
        events.publish(entry.value(), action, attributes);
    }
}
