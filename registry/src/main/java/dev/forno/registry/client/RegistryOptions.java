package dev.forno.registry.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/**
 * How registries are spoken to.
 *
 * @param insecureRegistries {@code host[:port]} of registries that may be spoken to without TLS, besides loopback addresses
 * @param attempts how often a request is tried when the network or the registry fails, at least 1
 * @param retryDelay the pause before the second attempt; it doubles for each further one
 * @param connectTimeout for a connection to be made
 * @param answerTimeout for an answer to begin
 * @param stallTimeout for the next bytes of a blob to arrive
 */
public record RegistryOptions(
        String userAgent,
        Set<String> insecureRegistries,
        int attempts,
        Duration retryDelay,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration stallTimeout,
        InstantSource clock) {
    /** What suits the internet. */
    public static final RegistryOptions DEFAULT = new RegistryOptions(
            "forno",
            Set.of(),
            5,
            Duration.ofMillis(250),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            InstantSource.system());

    /** The same with registries that may be spoken to without TLS. */
    public RegistryOptions withInsecureRegistries(Set<String> registries) {
        return new RegistryOptions(
                userAgent,
                Set.copyOf(registries),
                attempts,
                retryDelay,
                connectTimeout,
                answerTimeout,
                stallTimeout,
                clock);
    }

    /** The same with other pauses between attempts. */
    public RegistryOptions withRetryDelay(Duration delay) {
        return new RegistryOptions(
                userAgent, insecureRegistries, attempts, delay, connectTimeout, answerTimeout, stallTimeout, clock);
    }
}
