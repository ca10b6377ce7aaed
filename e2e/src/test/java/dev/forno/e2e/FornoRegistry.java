package dev.forno.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@code forno registry serve} on a free port of 127.0.0.1, with a state of its own. */
final class FornoRegistry implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final List<String> options;
    private @Nullable Process process;

    private FornoRegistry(Path folder, int port, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.options = options;
    }

    /** Starts one and waits until it serves. */
    static FornoRegistry start(String... options) {
        FornoRegistry registry = new FornoRegistry(Scratch.folder("forno-registry"), Host.freePort(), List.of(options));
        registry.begin();
        return registry;
    }

    /** The options by which a registry speaks TLS with a new certificate in a folder, which clients trust as {@code ca.crt}. */
    static List<String> tls(Path folder) {
        Path certificate = folder.resolve("ca.crt");
        Path key = folder.resolve("server.pem");
        Command.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .run()
                .ok();
        return List.of("--tls-cert", certificate.toString(), "--tls-key", key.toString());
    }

    /** The options by which a registry knows one user. */
    static List<String> user(Path folder, String user, String password) {
        try {
            Path file = folder.resolve("htpasswd");
            Files.writeString(
                    file,
                    Command.of("htpasswd", "-Bbn", user, password).run().ok().out());
            return List.of("--htpasswd", file.toString());
        } catch (IOException e) {
            throw new AssertionError("write the password file", e);
        }
    }

    /** Starts over the state that is there. */
    void begin() {
        List<String> command = new ArrayList<>(List.of(
                Repository.root().resolve("forno").toString(),
                "registry",
                "serve",
                "--listen",
                address(),
                "--state",
                folder.resolve("state").toString()));
        command.addAll(options);
        int before = log().length();
        Process started = new Command(command).with("FORNO_BUILD", "never").start(folder.resolve("log"));
        process = started;
        Host.eventually("registry at " + address(), () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("the registry ended: " + log());
            }
            if (!log().substring(before).contains("ready: ")) {
                throw new AssertionError("not ready: " + log());
            }
            return started;
        });
    }

    /** Kills it without warning. */
    void kill() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    /** What it keeps and writes, for tests that look at it. */
    Path folder() {
        return folder;
    }

    String log() {
        try {
            Path log = folder.resolve("log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new AssertionError("read the log", e);
        }
    }

    /** {@code 127.0.0.1:port}, as image names spell it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    private static void await(Process running) {
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError("the registry did not end within 20 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroy();
            await(running);
        }
        Command.of("rm", "-rf", folder.toString()).run();
    }
}
