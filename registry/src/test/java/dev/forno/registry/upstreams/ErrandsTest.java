package dev.forno.registry.upstreams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ErrandsTest {
    private final Errands errands = new Errands();
    private final List<String> done = new CopyOnWriteArrayList<>();

    private String forEver(CountDownLatch asking) {
        try {
            asking.countDown();
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException e) {
            return "broken off";
        }
    }

    @Test
    void closingBreaksOffWhatIsAskedAndWaitsForTheRest() throws InterruptedException {
        CountDownLatch asking = new CountDownLatch(1);
        errands.start("one", () -> {
            done.add(errands.ask(() -> forEver(asking)));
            assertFalse(Thread.currentThread().isInterrupted());
            done.add("and written down");
        });
        asking.await();
        errands.close();
        assertEquals(List.of("broken off", "and written down"), done);
    }

    @Test
    void nothingBeginsAfterwards() {
        errands.close();
        errands.close();
        FornoException e =
                assertThrows(FornoException.class, () -> errands.start("fetch blob x", () -> done.add("started")));
        assertEquals(ErrorKind.UNAVAILABLE, e.kind());
        assertEquals("fetch blob x: the registry is being stopped", e.getMessage());
        assertThrows(FornoException.class, () -> errands.ask(() -> done.add("asked")));
        assertEquals(List.of(), done);
    }
}
