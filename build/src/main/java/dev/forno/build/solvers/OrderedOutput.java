package dev.forno.build.solvers;

import java.util.function.Consumer;

/**
 * Puts the texts of stages that run at once into the order of the stages: the first unfinished one's text passes through, that
 * of later ones waits. Thread-safe; the sink is called by one thread at a time.
 */
final class OrderedOutput {
    private static final int MAX_WAITING = 8 << 20;
    private static final String CUT = "\n[output is left out here: more than 8 MiB while another stage was shown]\n";

    private final Consumer<String> sink;
    private final StringBuilder[] waiting;
    private final boolean[] finished;
    private int front;

    OrderedOutput(int stages, Consumer<String> sink) {
        this.sink = sink;
        this.waiting = new StringBuilder[stages];
        this.finished = new boolean[stages];
        for (int i = 0; i < stages; i++) {
            waiting[i] = new StringBuilder();
        }
    }

    synchronized void text(int stage, String text) {
        if (stage <= front) {
            sink.accept(text);
        } else if (waiting[stage].length() + text.length() <= MAX_WAITING) {
            waiting[stage].append(text);
        } else if (!waiting[stage].toString().endsWith(CUT)) {
            waiting[stage].append(CUT);
        }
    }

    synchronized void finish(int stage) {
        finished[stage] = true;
        while (front < finished.length && finished[front]) {
            front++;
            show(front);
        }
    }

    /** Shows what a failed stage said, though earlier ones are unfinished. */
    synchronized void flush(int stage) {
        show(stage);
    }

    private void show(int stage) {
        if (stage < waiting.length && !waiting[stage].isEmpty()) {
            String text = waiting[stage].toString();
            waiting[stage].setLength(0);
            sink.accept(text);
        }
    }
}
