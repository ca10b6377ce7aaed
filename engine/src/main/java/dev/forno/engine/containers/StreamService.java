package dev.forno.engine.containers;

import dev.forno.engine.containers.Attachment.AttachOptions;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Task;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Attaching, terminals and logs. */
final class StreamService implements ContainerStreams {
    private final Parts parts;
    private final ContainerEvents events;

    StreamService(Parts parts) {
        this.parts = parts;
        this.events = new ContainerEvents(parts.events());
    }

    @Override
    public Attachment attach(String ref, AttachOptions options) {
        ContainerEntry entry = parts.records().find(ref);
        DetachKeys.parse(options.detachKeys()); // refused before anything is attached
        return entry.lockedGet(() -> {
            if (entry.state().status() == ContainerStatus.PAUSED) {
                throw new FornoException(
                        ErrorKind.CONFLICT,
                        "container " + entry.id() + " is paused, unpause the container before attach");
            }
            Container c = entry.value();
            ProcessAttachment attachment = new ProcessAttachment(
                    options,
                    c.config().stdio().tty(),
                    replay(entry, options),
                    CompletableFuture.completedFuture(""),
                    () -> events.publish(c, "detach"));
            if (options.stream()) {
                Task task = entry.task();
                if (task != null) {
                    attachment.connect(task);
                } else {
                    entry.pending.add(attachment);
                }
            }
            events.publish(c, "attach");
            return attachment;
        });
    }

    private ProcessAttachment.@Nullable Replay replay(ContainerEntry entry, AttachOptions options) {
        if (!options.logs() || entry.value().files().log().isEmpty()) {
            return null;
        }
        LogQuery query = new LogQuery(options.stdout(), options.stderr(), false, null, null, -1);
        return sink -> {
            try (LogStream log = open(entry, query)) {
                for (Optional<LogStream.LogEntry> e = log.next(); e.isPresent(); e = log.next()) {
                    byte[] line = e.get().line();
                    sink.write(e.get().stream(), line, 0, line.length);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FornoException(ErrorKind.CANCELLED, "read log: interrupted", e);
            }
        };
    }

    @Override
    public void resize(String ref, int rows, int columns) {
        ContainerEntry entry = parts.records().find(ref);
        Task task = entry.task();
        if (task == null) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "cannot resize a stopped container: container " + entry.id() + " is not running");
        }
        task.resize(rows, columns);
    }

    @Override
    public LogStream logs(String ref, LogQuery query) {
        ContainerEntry entry = parts.records().find(ref);
        if (entry.value().files().log().isEmpty()) {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "configured logging driver does not support reading");
        }
        if (!query.stdout() && !query.stderr()) {
            throw OptionChecks.invalid("you must choose at least one stream");
        }
        return open(entry, query);
    }

    private LogStream open(ContainerEntry entry, LogQuery query) {
        return ContainerLog.open(entry, parts.directory(entry.id()).log(), query);
    }
}
