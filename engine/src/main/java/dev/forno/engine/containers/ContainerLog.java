package dev.forno.engine.containers;

import dev.forno.runtime.logs.LogReader;
import dev.forno.runtime.tasks.OutputStreamName;
import dev.forno.runtime.tasks.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A container's log, read as clients ask for it. */
final class ContainerLog implements LogStream {
    private final LogReader reader;
    private final boolean tty;

    private ContainerLog(LogReader reader, boolean tty) {
        this.reader = reader;
        this.tty = tty;
    }

    /** Opens it; following goes on until the run that is under way has ended. */
    static ContainerLog open(ContainerEntry entry, Path file, LogQuery query) {
        Set<OutputStreamName> streams = EnumSet.noneOf(OutputStreamName.class);
        if (query.stdout()) {
            streams.add(OutputStreamName.STDOUT);
        }
        if (query.stderr()) {
            streams.add(OutputStreamName.STDERR);
        }
        dev.forno.runtime.logs.LogQuery lines =
                new dev.forno.runtime.logs.LogQuery(streams, query.tail(), query.since(), query.until());
        Task task = entry.task();
        LogReader reader =
                LogReader.open(file, lines, query.follow() && task != null ? task.exited() : LogReader.NO_FOLLOW);
        return new ContainerLog(reader, entry.value().config().stdio().tty());
    }

    @Override
    public boolean tty() {
        return tty;
    }

    @Override
    public Optional<LogEntry> next() throws IOException, InterruptedException {
        return reader.next()
                .map(e -> new LogEntry(
                        e.time(),
                        e.stream() == OutputStreamName.STDERR ? StreamKind.STDERR : StreamKind.STDOUT,
                        e.line()));
    }

    @Override
    public void close() {
        reader.close();
    }
}
