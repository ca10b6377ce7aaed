package dev.forno.engine.events;

import dev.forno.engine.Filters;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happened in the engine: the most recent events and those to come. Thread-safe. */
public interface Events {
    /** Tells everyone who listens; never blocks. */
    void publish(String type, String action, String actorId, Map<String, String> attributes);

    /**
     * Listens from when this returns; close the subscription. Filters: {@code type}, {@code event}, {@code container},
     * {@code image}, {@code volume}, {@code network}, {@code daemon}, {@code label}, {@code scope}.
     */
    Subscription subscribe(EventQuery query);

    /** How many listen. */
    int listeners();

    /**
     * What to hear.
     *
     * @param since also the remembered events not before, or null for none
     * @param until the end, or null to listen on; one in the past gives only remembered events
     */
    record EventQuery(@Nullable Instant since, @Nullable Instant until, Filters filters) {}

    /** Events as they come, for one thread; closing, from any thread, ends a waiting {@link #next}. */
    interface Subscription extends AutoCloseable {
        /** The next event; empty at the end. */
        Optional<Event> next() throws InterruptedException;

        @Override
        void close();
    }
}
