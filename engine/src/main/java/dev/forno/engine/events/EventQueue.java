package dev.forno.engine.events;

import dev.forno.engine.events.Events.EventQuery;
import dev.forno.engine.events.Events.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One listener's events, waiting to be taken. */
final class EventQueue implements Subscription {
    private static final int CAPACITY = 8192;

    private final EventQuery query;
    private final EventMatch match;
    private final InstantSource clock;
    private final Consumer<EventQueue> onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Event> queued = new ArrayDeque<>();
    private boolean ended;

    EventQueue(EventQuery query, InstantSource clock, Consumer<EventQueue> onEnd) {
        this.query = query;
        this.match = new EventMatch(query.filters());
        this.clock = clock;
        this.onEnd = onEnd;
    }

    void offer(Event event) {
        Instant until = query.until();
        if ((until != null && event.time().isAfter(until)) || !match.accepts(event)) {
            return;
        }
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (queued.size() == CAPACITY) {
                endAfterQueued();
                return;
            }
            queued.addLast(event);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void endAfterQueued() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onEnd.accept(this);
    }

    @Override
    public Optional<Event> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Instant until = query.until();
            while (queued.isEmpty() && !ended) {
                if (until == null) {
                    changed.await();
                } else {
                    long left = Duration.between(clock.instant(), until).toNanos();
                    if (left <= 0 || changed.awaitNanos(left) <= 0) {
                        ended = true;
                    }
                }
            }
            return Optional.ofNullable(queued.pollFirst());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            queued.clear();
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onEnd.accept(this);
    }
}
