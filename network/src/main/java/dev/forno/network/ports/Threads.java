package dev.forno.network.ports;

/** Waiting for threads that are about to end. */
final class Threads {
    private Threads() {}

    /** Waits for the end even when interrupted: the interrupt is left for the caller to see. */
    static void await(Thread ending) {
        boolean interrupted = false;
        while (true) {
            try {
                ending.join();
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
