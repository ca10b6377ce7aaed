package dev.forno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;

class LogsTest {
    /** A process that logs while it stops. */
    static final class Stopping {
        private static final System.Logger LOG = Logs.of(Stopping.class);

        private Stopping() {}

        public static void main(String[] arguments) {
            Logs.configure("info");
            LOG.log(Level.INFO, "ready");
            LOG.log(Level.DEBUG, "too much");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                // what the JDK does at the same time: here it comes first for certain
                LogManager.getLogManager().reset();
                LOG.log(Level.INFO, "stopping");
            }));
            System.exit(0);
        }
    }

    @Test
    void whatIsLoggedDuringAStopIsSaid() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stopping.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor());
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().endsWith("Z INFO ready"), lines::toString);
        assertTrue(lines.getLast().endsWith("Z INFO stopping"), lines::toString);
    }
}
