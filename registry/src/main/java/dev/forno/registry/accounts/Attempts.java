package dev.forno.registry.accounts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Counts wrong passwords by the address they come from, so that guessing is slow. Thread-safe; bounded. */
public final class Attempts {
    private static final int ALLOWED = 20;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int ADDRESSES = 10_000;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    private record Failures(Instant since, int count) {}

    /** No failures yet. */
    public Attempts(InstantSource clock) {
        this.clock = clock;
    }

    /** How long the address has to wait before its next attempt; zero when it may try. */
    public Duration pause(String address) {
        lock.lock();
        try {
            return left(address);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Settles an attempt whose password has been looked at, which takes long: others may have failed meanwhile.
     *
     * @return how long the address has to wait, in which case nobody may be told whether the password was right
     */
    public Duration settle(String address, boolean right) {
        lock.lock();
        try {
            Duration left = left(address);
            if (left.isZero() && !right) {
                count(address);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    private Duration left(String address) {
        Failures found = failures.get(address);
        if (found == null || found.count() < ALLOWED) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), found.since().plus(WINDOW));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void count(String address) {
        Instant now = clock.instant();
        Failures found = failures.remove(address);
        boolean fresh = found == null || found.since().plus(WINDOW).isBefore(now);
        failures.put(address, fresh ? new Failures(now, 1) : new Failures(found.since(), found.count() + 1));
        if (failures.size() > ADDRESSES) {
            var eldest = failures.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }
}
