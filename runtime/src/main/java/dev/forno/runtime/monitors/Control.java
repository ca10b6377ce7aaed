package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.sockets.Fifo;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The fifo that a monitor takes requests from. Of several requests that it reads at once it carries out the first one
 * repeatedly, so each waits until the one before was taken. Thread-safe.
 */
final class Control implements RotatedLog.Requests {
    private static final long TURN_SECONDS = 10;

    private final Path fifo;
    private final ReentrantLock turn = new ReentrantLock(true);

    Control(Path directory) {
        this.fifo = directory.resolve("ctl");
    }

    @Override
    public void reopenLog() throws ErrnoException {
        if (turn.tryLock()) {
            try {
                Fifo.writeIfEmpty(fifo, "2 0 0\n");
            } finally {
                turn.unlock();
            }
        }
    }

    /** Asks the monitor for another size of its terminal, when it has taken the earlier requests. */
    void resize(int rows, int columns) throws ErrnoException, InterruptedException {
        turn.lockInterruptibly();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TURN_SECONDS);
            while (!Fifo.writeIfEmpty(fifo, "1 " + rows + " " + columns + "\n")) {
                if (System.nanoTime() > end) {
                    throw new ErrnoException("write(\"" + fifo + "\")", ErrnoException.EAGAIN);
                }
                Thread.sleep(1); // nothing tells when a fifo was read
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public boolean isIdle() throws ErrnoException {
        return Fifo.isEmpty(fifo);
    }
}
