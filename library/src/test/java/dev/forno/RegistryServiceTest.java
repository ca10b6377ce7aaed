package dev.forno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryServiceTest {
    @Test
    void collectionsGoOnPastEveryFailure() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        try (ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1)) {
            RegistryService.repeat(timer, Duration.ofMillis(1), () -> {
                thrice.countDown();
                if (thrice.getCount() == 2) {
                    throw new StackOverflowError("of a listing that is too large");
                }
                throw new UnsupportedOperationException("of a kind that nobody expected");
            });
            thrice.await();
            RegistryService.end(timer);
        }
    }

    @Test
    void theEndWaitsForACollectionUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        try (ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1)) {
            RegistryService.repeat(timer, Duration.ofMillis(1), () -> {
                begun.countDown();
                try {
                    goOn.await();
                    done.incrementAndGet();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                }
            });
            begun.await();
            Thread release = Thread.startVirtualThread(() -> {
                while (!timer.isShutdown()) {
                    Thread.onSpinWait();
                }
                goOn.countDown();
            });
            RegistryService.end(timer);
            assertEquals(1, done.get());
            assertFalse(interrupted.get());
            release.join();
        }
    }
}
