package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.forno.engine.containers.Attachment.AttachOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessAttachmentTest {
    @Test
    void detachingEndsTheWaitForAProcessThatClosedItsOutput() throws Exception {
        CompletableFuture<Object> end = new CompletableFuture<>();
        ProcessAttachment attachment =
                new ProcessAttachment(new AttachOptions(true, true, true, false, true, ""), true, null, end, () -> {});
        attachment.connect(new FakeRuntime().new FakeTask("t")); // has no output
        CompletableFuture<Void> copied = CompletableFuture.runAsync(() -> {
            try {
                attachment.copyOutput((stream, buffer, offset, length) -> {});
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        while (end.getNumberOfDependents() == 0 && !copied.isDone()) {
            Thread.onSpinWait(); // until it waits for the end
        }
        assertFalse(copied.isDone());
        attachment.stdin().write(new byte[] {16, 17}); // the detach keys
        copied.get(20, TimeUnit.SECONDS);
    }
}
