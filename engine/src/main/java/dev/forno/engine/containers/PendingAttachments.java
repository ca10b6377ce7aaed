package dev.forno.engine.containers;

import dev.forno.runtime.tasks.TaskProcess;
import java.util.ArrayList;
import java.util.List;

/** Attachments to a process that was not started yet. Thread-safe. */
final class PendingAttachments {
    private final List<ProcessAttachment> waiting = new ArrayList<>();

    synchronized void add(ProcessAttachment attachment) {
        waiting.removeIf(ProcessAttachment::isClosed);
        waiting.add(attachment);
    }

    /** Connects all to the process, which is about to start, so that they miss nothing. */
    synchronized void connect(TaskProcess process) {
        waiting.forEach(a -> a.connect(process));
        waiting.clear();
    }

    /** There will be no process: ends all. */
    synchronized void close() {
        waiting.forEach(ProcessAttachment::close);
        waiting.clear();
    }
}
