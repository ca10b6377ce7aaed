package dev.forno.registry.client;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the answer to a request with a body, which takes as long as it takes, provided that it goes on: neither may the
 * body stall, nor the answer after it be missing for too long.
 */
record Sending(Body body, Patience patience) {
    /** What a registry gets for its work after the last byte, as moving a large blob to its place. */
    private static final int ANSWER_FACTOR = 5;

    <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
        boolean done = false;
        try {
            T got = get(answer);
            done = true;
            return got;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IOException(e);
            }
        } finally {
            if (!done) {
                answer.cancel(true);
            }
        }
    }

    private <T> T get(CompletableFuture<T> answer) throws IOException, InterruptedException, ExecutionException {
        long step = Math.max(1, Math.min(1000, patience.stallTimeout().toMillis() / 4));
        long seen = -1;
        long since = System.nanoTime();
        while (true) {
            try {
                return answer.get(step, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = body.sent().get();
                if (now != seen) {
                    seen = now;
                    since = System.nanoTime();
                }
                requireProgress(Duration.ofNanos(System.nanoTime() - since));
            }
        }
    }

    private void requireProgress(Duration quiet) throws IOException {
        if (body.isSent()) {
            if (quiet.compareTo(patience.answerTimeout().multipliedBy(ANSWER_FACTOR)) > 0) {
                throw new HttpTimeoutException("no answer after the whole body was sent");
            }
        } else if (quiet.compareTo(patience.stallTimeout()) > 0) {
            throw new IOException("the registry took nothing for too long");
        }
    }
}
