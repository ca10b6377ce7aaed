package dev.forno.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EngineControlTest {
    @Test
    void aProcessWhoseParentTakesNoNoteHasEnded() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            assertFalse(EngineControl.hasEnded(child.pid()));
            child.destroyForcibly();
            while (!EngineControl.hasEnded(child.pid())) {
                Thread.onSpinWait();
            }
            assertTrue(child.isAlive(), "to the JDK, as long as its parent is");
        } finally {
            parent.destroyForcibly().waitFor();
        }
        assertTrue(EngineControl.hasEnded(parent.pid()));
    }
}
