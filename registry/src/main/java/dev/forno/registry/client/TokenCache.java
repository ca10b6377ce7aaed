package dev.forno.registry.client;

import dev.forno.registry.credentials.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens until shortly before they expire, by who got them from whom for what. They are in memory only. Thread-safe;
 * several threads that need the same token ask for it once.
 */
final class TokenCache {
    private static final int MAX = 512;
    private static final Duration SHORTEST_MARGIN = Duration.ofSeconds(5);
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Map<Key, Slot> slots = new ConcurrentHashMap<>();

    TokenCache(InstantSource clock) {
        this.clock = clock;
    }

    /** Who got a token from whom for what. */
    record Key(URI realm, String service, List<String> scopes, Credentials credentials) {}

    /** A token with the time that it is good for. */
    record Token(String value, Duration life) {
        /** Hides the secret. */
        @Override
        public String toString() {
            return "Token[" + life + "]";
        }
    }

    /** The token, a new one by {@code fetch} when there is none that lasts. */
    String get(Key key, Supplier<Token> fetch) {
        if (slots.size() > MAX) {
            slots.values().removeIf(slot -> !slot.isGood(clock.instant()));
        }
        return slots.computeIfAbsent(key, k -> new Slot()).get(clock, fetch);
    }

    /**
     * A registry refused {@code token}: forgets it, and tells whether to try again, because another one has come by now,
     * because it had been good before, or because the registry calls it invalid.
     */
    boolean refused(Key key, String token, boolean invalid) {
        Slot slot = slots.get(key);
        return slot != null && slot.refused(token, invalid);
    }

    private static final class Slot {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable String token;
        private Instant end = Instant.MIN;
        private boolean used;

        boolean isGood(Instant now) {
            return token != null && end.isAfter(now);
        }

        String get(InstantSource clock, Supplier<Token> fetch) {
            lock.lock();
            try {
                String kept = token;
                if (kept != null && end.isAfter(clock.instant())) {
                    used = true;
                    return kept;
                }
                Instant now = clock.instant();
                Token fetched = fetch.get();
                token = fetched.value();
                end = now.plus(fetched.life()).minus(margin(fetched.life()));
                used = false;
                return fetched.value();
            } finally {
                lock.unlock();
            }
        }

        boolean refused(String refused, boolean invalid) {
            lock.lock();
            try {
                if (!refused.equals(token)) {
                    return true;
                }
                token = null;
                return used || invalid;
            } finally {
                lock.unlock();
            }
        }

        private static Duration margin(Duration life) {
            Duration tenth = life.dividedBy(10);
            return tenth.compareTo(SHORTEST_MARGIN) < 0
                    ? SHORTEST_MARGIN
                    : tenth.compareTo(LONGEST_MARGIN) > 0 ? LONGEST_MARGIN : tenth;
        }
    }
}
