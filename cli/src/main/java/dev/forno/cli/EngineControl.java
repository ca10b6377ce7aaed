package dev.forno.cli;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.commands.Failure;
import dev.forno.cli.documents.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code engine status} and {@code engine stop}; the launcher runs the engine itself. */
final class EngineControl {
    private static final int PATIENCE_SECONDS = 30;
    private static final int LOOK_AGAIN_MILLIS = 10;

    private EngineControl() {}

    static final String USAGE = """
            Usage:  forno engine [OPTIONS]
                    forno engine status|stop

            Run the engine in the foreground; say whether it runs; stop it (containers go on running)

            Options:
                  --socket string          Unix socket of the API (default "/run/forno/forno.sock")
                  --host list              Further address of the API, as tcp://127.0.0.1:2375
                  --state string           Directory of images and containers (default "/var/lib/forno")
                  --run string             Directory of what a reboot may forget (default "/run/forno")
                  --bridge string          Name of the bridge
                  --subnet string          Address and network of the bridge, as 10.77.0.1/24
                  --nft-table string       Name of the nf_tables table
                  --cgroup-parent string   Parent of the containers' cgroups
                  --runtime string         OCI runtime, as crun or runc
                  --snapshotter string     How layers are kept: auto, erofs, erofs-loop or unpack (default "auto")
                  --insecure-registry list Registry without checked certificates: host, host:port or network
                  --registry-mirror list   Address of a mirror of Docker Hub
                  --registry-auth string   The engine's own credentials (default "~/.docker/config.json")
                  --registries-conf string Mirrors and blocked registries (default "/etc/forno/registries.conf")
                  --certs-d list           Folder of certificates and hosts.toml (default "/etc/forno/certs.d")
                  --registry-listen list   Serve a registry of the engine's content there, as 127.0.0.1:5000; further
                                           registry- options as of "forno registry serve"
                  --log-level string       debug, info, warn or error
                  --config string          Configuration file (default "/etc/forno/forno.conf")

            Each option is also a variable (FORNO_STATE for --state) and a line "state = …" of the configuration file.
            """;

    static int run(Engine engine, List<String> words, PrintStream out) throws IOException, InterruptedException {
        String verb = words.isEmpty() ? "" : words.getFirst();
        if (verb.equals("stop")) {
            stop(engine, out);
        } else if (verb.equals("status")) {
            status(engine, out);
        } else {
            out.print(USAGE);
        }
        return 0;
    }

    private static void status(Engine engine, PrintStream out) throws IOException {
        if (!engine.answers()) {
            throw new Failure(1, "no engine answers at " + engine.address());
        }
        Json info = engine.get("/info");
        out.println("The engine answers at " + engine.address() + ": version " + info.text("ServerVersion") + ", "
                + info.text("ContainersRunning") + " of " + info.text("Containers") + " containers running, "
                + info.text("Images") + " images.");
    }

    private static void stop(Engine engine, PrintStream out) throws IOException, InterruptedException {
        Path file = Path.of(EngineAddress.configured("run", "/run/forno")).resolve("engine.pid");
        Optional<ProcessHandle> process = Files.exists(file) ? find(file) : Optional.empty();
        if (process.isEmpty()) {
            if (engine.answers()) {
                throw new Failure(
                        1,
                        "an engine answers at " + engine.address() + ", but " + file
                                + " does not name its process: stop it where it was started");
            }
            out.println("No engine is running.");
            return;
        }
        if (!process.get().destroy()) {
            throw new Failure(
                    1, "the engine (process " + process.get().pid() + ") cannot be signalled: run this as root");
        }
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!hasEnded(process.get().pid())) {
            if (System.nanoTime() > patience) {
                throw new Failure(
                        1,
                        "the engine (process " + process.get().pid() + ") did not end within " + PATIENCE_SECONDS
                                + " seconds");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        out.println("The engine has stopped. Running containers go on; the next engine finds them.");
    }

    /**
     * Whether nothing of the process runs any more and its files are closed. It may still wait for its parent to take note,
     * which the JDK would wait for, too.
     */
    static boolean hasEnded(long pid) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        } catch (NoSuchFileException e) {
            return true;
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            return true; // ESRCH: it went while it was read
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // proc(5): from the third on
        return (fields[0].equals("Z") || fields[0].equals("X")) && Integer.parseInt(fields[17]) <= 1;
    }

    // a process id may belong to another program by now
    private static Optional<ProcessHandle> find(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (!text.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        Path command = Path.of("/proc", text, "cmdline");
        if (!Files.exists(command) || !Files.readString(command).contains("dev.forno.Daemon")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(text));
    }
}
