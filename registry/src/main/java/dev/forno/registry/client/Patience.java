package dev.forno.registry.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * How long to wait for registries, and how often to try.
 *
 * @param attempts how often a request is tried when the network or the registry fails, at least 1; a blob's count starts
 *     again whenever an attempt brought something
 * @param retryDelay the pause before the second attempt; it doubles for each further one and varies by half
 * @param longestDelay the longest pause; a registry that asks for a longer one is not waited for
 * @param connectTimeout for a connection to be made
 * @param answerTimeout for an answer to begin
 * @param stallTimeout for the next bytes of a blob to pass
 * @param pause sleeps
 */
public record Patience(
        int attempts,
        Duration retryDelay,
        Duration longestDelay,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration stallTimeout,
        InstantSource clock,
        RandomGenerator random,
        Pause pause) {
    /** What suits the internet. */
    public static final Patience DEFAULT = new Patience(
            6,
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            InstantSource.system(),
            RandomGenerator.getDefault(),
            Thread::sleep);

    /** Waits between attempts. */
    @FunctionalInterface
    public interface Pause {
        /** Returns after that time. */
        void sleep(Duration duration) throws InterruptedException;
    }

    /** The same with other pauses between attempts. */
    public Patience withRetryDelay(Duration delay) {
        return new Patience(
                attempts, delay, longestDelay, connectTimeout, answerTimeout, stallTimeout, clock, random, pause);
    }

    /** The same with another number of attempts. */
    public Patience withAttempts(int count) {
        return new Patience(
                count, retryDelay, longestDelay, connectTimeout, answerTimeout, stallTimeout, clock, random, pause);
    }

    /** The same with another time without progress. */
    public Patience withStallTimeout(Duration timeout) {
        return new Patience(
                attempts, retryDelay, longestDelay, connectTimeout, answerTimeout, timeout, clock, random, pause);
    }

    /** The same with another clock and another way to wait. */
    public Patience withTime(InstantSource time, Pause sleeper) {
        return new Patience(
                attempts, retryDelay, longestDelay, connectTimeout, answerTimeout, stallTimeout, time, random, sleeper);
    }
}
