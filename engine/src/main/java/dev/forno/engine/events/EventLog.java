package dev.forno.engine.events;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Events kept in memory: a ring of the most recent ones, and a bounded queue for each listener. A listener that does not
 * keep up is ended rather than given a stream with holes.
 */
public final class EventLog implements Events {
    private static final int REMEMBERED = 1024;

    private final InstantSource clock;
    private final Deque<Event> recent = new ArrayDeque<>();
    private final List<EventQueue> queues = new CopyOnWriteArrayList<>();

    /** An empty log that takes its times from {@code clock}. */
    public EventLog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void publish(String type, String action, String actorId, Map<String, String> attributes) {
        synchronized (recent) {
            Event event = new Event(type, action, actorId, Map.copyOf(attributes), clock.instant());
            if (recent.size() == REMEMBERED) {
                recent.removeFirst();
            }
            recent.addLast(event);
            queues.forEach(queue -> queue.offer(event));
        }
    }

    @Override
    public Subscription subscribe(EventQuery query) {
        query.filters().requireKnown(EventMatch.FILTERS);
        EventQueue queue = new EventQueue(query, clock, queues::remove);
        synchronized (recent) {
            Instant since = query.since();
            if (since != null) {
                recent.stream().filter(e -> !e.time().isBefore(since)).forEach(queue::offer);
            }
            Instant until = query.until();
            if (until != null && !until.isAfter(clock.instant())) {
                queue.endAfterQueued();
            } else {
                queues.add(queue);
            }
        }
        return queue;
    }

    @Override
    public int listeners() {
        return queues.size();
    }
}
