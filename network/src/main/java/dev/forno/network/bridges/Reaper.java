package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.netlink.RouteSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees to it that ports of bridges go after their namespaces, off the caller's path. The kernel deletes them itself, many
 * in one go, when it clears the namespaces away, which costs half of what deleting them one by one costs; and while it
 * does, nothing else about the machine's network can change. Only where a process keeps a namespace alive they are
 * deleted here. Thread-safe.
 */
final class Reaper {
    private static final Logger LOG = System.getLogger(Reaper.class.getName());
    /** Devices in this group are about to go, whichever engine put them there. */
    private static final int GROUP = 0x464f524e;

    private static final long LOOK_AGAIN_MILLIS = 10;
    private static final int LOOKS = 100;

    private final RouteSocket route;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private List<Dying> queue = new ArrayList<>();
    private boolean running;

    Reaper(RouteSocket route) {
        this.route = route;
    }

    /** What is done when a device is gone. */
    interface Step {
        void run() throws IOException;
    }

    private record Dying(String port, Step gone) {}

    /** Waits for the device to go, or deletes it, then does the step. Returns at once. */
    void reap(String port, Step gone) {
        lock.lock();
        try {
            queue.add(new Dying(port, gone));
            if (!running) {
                running = true;
                Thread.ofPlatform().daemon().name("reaper").start(this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is left to delete. */
    void await() {
        lock.lock();
        try {
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (List<Dying> batch = next(); !batch.isEmpty(); batch = next()) {
            try {
                List<Dying> left = finishGone(batch);
                for (int look = 0; look < LOOKS && !left.isEmpty(); look++) {
                    Thread.sleep(LOOK_AGAIN_MILLIS);
                    left = finishGone(left);
                }
                delete(left.stream().map(Dying::port).toList());
                left.forEach(Reaper::finish);
            } catch (ErrnoException e) {
                LOG.log(
                        Level.WARNING,
                        "delete interfaces " + batch.stream().map(Dying::port).toList(),
                        e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody knows this thread", e);
            }
        }
    }

    /** Does the steps of those that are gone; returns those that are not. */
    private List<Dying> finishGone(List<Dying> batch) throws ErrnoException {
        List<Dying> left = new ArrayList<>();
        for (Dying dying : batch) {
            if (route.link(dying.port()).isPresent()) {
                left.add(dying);
            } else {
                finish(dying);
            }
        }
        return left;
    }

    private static void finish(Dying dying) {
        try {
            dying.gone().run();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "clean up after interface " + dying.port(), e);
        }
    }

    private List<Dying> next() {
        lock.lock();
        try {
            List<Dying> batch = queue;
            queue = new ArrayList<>();
            if (batch.isEmpty()) {
                running = false;
                idle.signalAll();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Deletes the devices at once and together; those that are gone already are fine. */
    void delete(Collection<String> ports) throws ErrnoException {
        if (ports.isEmpty()) {
            return;
        }
        List<NetlinkMessage> requests = new ArrayList<>();
        ports.forEach(port -> requests.add(LinkRequests.group(port, GROUP)));
        requests.add(LinkRequests.deleteGroup(GROUP));
        try {
            route.execute(requests.toArray(NetlinkMessage[]::new));
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENODEV) {
                throw e;
            }
        }
    }
}
