package dev.forno.cli;

import dev.forno.cli.calls.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts the engine in the background when none answers: in a session of its own, so that the terminal's signals do not
 * reach it, its messages in a log.
 */
final class BackgroundEngine {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLISECONDS = 20;
    private static final int LOG_LINES = 15;

    private BackgroundEngine() {}

    /**
     * Starts it and waits until it answers.
     *
     * @throws IOException when it ended or did not answer in time; the message holds the end of its log
     */
    static void start(Engine engine, PrintStream err) throws IOException {
        String launcher = System.getProperty("forno.launcher", "");
        if (launcher.isEmpty()) {
            throw new IOException("Cannot connect to the Forno engine at " + engine.address()
                    + ". Is it running? (start it with: forno engine)");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new IOException("No Forno engine answers at " + engine.address()
                    + ", and starting one needs root: run the command as root, or have root run: " + launcher
                    + " engine");
        }
        Path state = Path.of(EngineAddress.configured("state", "/var/lib/forno"));
        Files.createDirectories(state);
        Path log = state.resolve("engine.log");
        err.println("Starting the Forno engine (log: " + log + ")");
        Process process = new ProcessBuilder("setsid", launcher, "engine")
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!engine.answers()) {
                if (process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    // another command may have started one at the same moment: then that one answers
                    if (engine.answers()) {
                        return;
                    }
                    throw new IOException(
                            "the Forno engine did not start (exit code " + process.exitValue() + ")" + tail(log));
                }
                if (System.nanoTime() > end) {
                    throw new IOException(
                            "the Forno engine did not answer within " + PATIENCE.toSeconds() + " seconds" + tail(log));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("start the engine: interrupted", e);
        }
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
        return "; the end of " + log + ":\n  " + String.join("\n  ", last);
    }
}
