package dev.forno.runtime.monitors;

/** Runs what must come to its end once it has begun. */
final class Uninterrupted {
    private Uninterrupted() {}

    /**
     * Runs the step on a thread of its own, which nobody else knows, and waits for it. An interrupt that comes meanwhile
     * is kept for the caller.
     */
    static void run(Runnable step) {
        Throwable[] failure = new Throwable[1];
        Thread thread = Thread.ofVirtual()
                .name("teardown")
                .uncaughtExceptionHandler((t, e) -> failure[0] = e)
                .start(step);
        join(thread);
        switch (failure[0]) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e); // a Runnable throws nothing else
        }
    }

    /** Waits for a thread that ends soon. An interrupt that comes meanwhile is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
