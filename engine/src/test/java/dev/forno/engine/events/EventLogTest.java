package dev.forno.engine.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.engine.Filters;
import dev.forno.engine.events.Events.EventQuery;
import dev.forno.engine.events.Events.Subscription;
import dev.forno.oci.FornoException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private final AtomicLong seconds = new AtomicLong(100);
    private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    private final EventLog log = new EventLog(clock);

    private void publish(String type, String action, String id, Map<String, String> attributes) {
        log.publish(type, action, id, attributes);
        seconds.incrementAndGet();
    }

    private List<String> past(Map<String, List<String>> filters) throws InterruptedException {
        try (Subscription s = log.subscribe(new EventQuery(Instant.EPOCH, clock.instant(), new Filters(filters)))) {
            List<String> actions = new ArrayList<>();
            for (Optional<Event> e = s.next(); e.isPresent(); e = s.next()) {
                actions.add(e.get().action());
            }
            return actions;
        }
    }

    @Test
    void pastEventsAreFiltered() throws InterruptedException {
        publish("container", "create", "c1", Map.of("name", "web", "image", "app:1", "tier", "front"));
        publish("container", "exec_create: ls -l", "c1", Map.of("name", "web", "image", "app:1"));
        publish("network", "connect", "n1", Map.of("container", "c1", "name", "bridge"));
        publish("image", "pull", "app:1", Map.of("name", "app:1"));
        publish("container", "create", "c2", Map.of("name", "db", "image", "other"));
        assertEquals(5, past(Map.of()).size());
        assertEquals(List.of("create", "exec_create: ls -l"), past(Map.of("container", List.of("c1"))));
        assertEquals(List.of("create", "exec_create: ls -l"), past(Map.of("container", List.of("web"))));
        assertEquals(List.of("exec_create: ls -l"), past(Map.of("event", List.of("exec_create"))));
        assertEquals(List.of("create", "exec_create: ls -l", "pull"), past(Map.of("image", List.of("app"))));
        assertEquals(List.of("create"), past(Map.of("label", List.of("tier=front"))));
        assertEquals(List.of("connect"), past(Map.of("type", List.of("network"))));
        assertThrows(FornoException.class, () -> past(Map.of("colour", List.of("red"))));
    }

    @Test
    void sinceAndUntilBoundWhatIsRemembered() throws InterruptedException {
        publish("container", "a", "c", Map.of());
        publish("container", "b", "c", Map.of());
        publish("container", "c", "c", Map.of());
        try (Subscription s =
                log.subscribe(new EventQuery(Instant.ofEpochSecond(101), Instant.ofEpochSecond(101), Filters.NONE))) {
            assertEquals("b", s.next().orElseThrow().action());
            assertEquals(Optional.empty(), s.next());
        }
    }

    @Test
    void liveEventsComeAndAClosedSubscriptionEnds() throws InterruptedException {
        Subscription s = log.subscribe(new EventQuery(null, null, Filters.NONE));
        assertEquals(1, log.listeners());
        publish("container", "start", "c", Map.of());
        assertEquals("start", s.next().orElseThrow().action());
        s.close();
        assertEquals(Optional.empty(), s.next());
        assertEquals(0, log.listeners());
    }

    @Test
    void whoDoesNotListenIsEndedAfterWhatWasQueued() throws InterruptedException {
        Subscription s = log.subscribe(new EventQuery(null, null, Filters.NONE));
        for (int i = 0; i < 9000; i++) {
            log.publish("container", "a" + i, "c", Map.of());
        }
        assertEquals(0, log.listeners());
        int count = 0;
        while (s.next().isPresent()) {
            count++;
        }
        assertEquals(8192, count);
    }
}
