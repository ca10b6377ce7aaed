package dev.forno;

import dev.forno.oci.FornoException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The engine as a process. Says {@code ready} on standard error when the socket accepts; SIGTERM and SIGINT stop it and
 * leave containers running. Exit code 0 after a stop, 1 when it can't start.
 */
public final class Daemon {
    private static final Logger LOG = Logs.of(Daemon.class);
    private static final String PID_FILE = "engine.pid";

    private final Forno forno;
    private final Path pidFile;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Daemon(Forno forno, Path pidFile) {
        this.forno = forno;
        this.pidFile = pidFile;
    }

    /** Runs until a signal comes; {@code arguments} are described at {@code docs/}, unknown ones are errors. */
    public static void main(String[] arguments) throws InterruptedException {
        long started = System.nanoTime();
        try {
            FornoConfig config = ConfigSources.read(List.of(arguments), System.getenv());
            Logs.configure(config.logLevel());
            start(config, started);
        } catch (FornoException | IOException e) {
            LOG.log(Level.ERROR, "start engine: " + e.getMessage(), e);
            System.exit(1);
        }
        new CountDownLatch(1).await(); // until the process is told to stop
    }

    private static void start(FornoConfig config, long started) throws IOException {
        Forno forno = Forno.open(config);
        Daemon daemon = new Daemon(forno, config.run().resolve(PID_FILE));
        Runtime.getRuntime().addShutdownHook(new Thread(daemon::stop, "stop"));
        Files.writeString(daemon.pidFile, ProcessHandle.current().pid() + "\n");
        forno.serve();
        long millis = (System.nanoTime() - started) / 1_000_000;
        LOG.log(Level.INFO, "ready: listening at " + config.socket() + " after " + millis + " ms");
    }

    private void stop() {
        if (stopped.compareAndSet(false, true)) {
            LOG.log(Level.INFO, "stopping; containers go on running");
            forno.close();
            try {
                Files.deleteIfExists(pidFile);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "remove " + pidFile + ": " + e.getMessage(), e);
            }
            Runtime.getRuntime().halt(0); // a stop by signal is no failure
        }
    }
}
