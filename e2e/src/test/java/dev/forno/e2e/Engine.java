package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Forno of the tests' own: its folders, socket, bridge, nf_tables table and cgroups are named after this JVM, so that it
 * stands beside any other engine of the machine. Not thread-safe.
 */
final class Engine implements Target, AutoCloseable {
    /** Names the snapshotter that the engines are to use. */
    private static final String SNAPSHOTTER = "E2E_SNAPSHOTTER";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final int subnet;
    private final Path folder;
    private final Docker docker;
    private @Nullable Process process;
    private Leftovers before = Leftovers.none();
    private List<String> options = List.of();

    private Engine(String name, int subnet, Path folder) {
        this.name = name;
        this.subnet = subnet;
        this.folder = folder;
        this.docker = Docker.at("unix://" + folder.resolve("run/forno.sock"));
    }

    /** Starts an engine with an empty state and waits until it answers. */
    static Engine start() {
        return start(List.of());
    }

    /** The same with further options. */
    static Engine start(List<String> further) {
        try {
            return start(Files.createTempDirectory("forno-"), further);
        } catch (IOException e) {
            throw new AssertionError("make the engine's folder", e);
        }
    }

    /** Starts an engine with an empty state in a folder of the test's. */
    static Engine start(Path folder) {
        return start(folder, List.of());
    }

    private static Engine start(Path folder, List<String> further) {
        int number = COUNT.incrementAndGet();
        String name = "fe" + Long.toString(ProcessHandle.current().pid() % 100_000, 36) + "n" + number;
        try {
            Engine engine = new Engine(name, 100 + number, folder);
            engine.options = List.copyOf(further);
            Files.createDirectories(engine.folder.resolve("run"));
            engine.begin();
            engine.before = engine.leftovers();
            return engine;
        } catch (IOException e) {
            throw new AssertionError("make the engine's folders", e);
        }
    }

    /** Starts the engine over the state it has, and kills it before it may be ready. */
    void beginAndKill(Duration after) {
        process = spawn();
        try {
            Thread.sleep(after);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        kill();
    }

    /** Starts the engine over the state it has, and waits until it answers. */
    void begin() {
        Process started = spawn();
        process = started;
        Host.eventually("engine " + name, () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("the engine ended: " + log());
            }
            assertEquals(0, docker.run("version").exit(), this::log);
            return started;
        });
    }

    /** Further options of the engine, from its next start on. */
    void options(String... more) {
        options = List.of(more);
    }

    private Process spawn() {
        String snapshotter = System.getenv().getOrDefault(SNAPSHOTTER, "auto");
        List<String> line = new ArrayList<>(List.of(
                Repository.root().resolve("forno").toString(),
                "engine",
                "--socket",
                folder.resolve("run/forno.sock").toString(),
                "--state",
                folder.resolve("state").toString(),
                "--run",
                folder.resolve("run").toString(),
                "--bridge",
                name,
                "--subnet",
                "10.211." + subnet + ".1/24",
                "--nft-table",
                name,
                "--cgroup-parent",
                "/" + name,
                "--snapshotter",
                snapshotter));
        line.addAll(options);
        return new Command(line).with("FORNO_BUILD", "never").start(folder.resolve("log"));
    }

    /** Kills the engine without warning; its containers go on. */
    void kill() {
        end(true);
    }

    /** Ends the engine as an administrator would; its containers go on. */
    void stop() {
        end(false);
    }

    private void end(boolean byForce) {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        running.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .forEach(child -> end(child, byForce));
        if (byForce) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
                throw new AssertionError("the engine did not end within 20 s: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void end(ProcessHandle child, boolean byForce) {
        if (byForce) {
            child.destroyForcibly();
        } else {
            child.destroy();
        }
    }

    /** The engine's own folder, for tests that look at what it keeps. */
    Path folder() {
        return folder;
    }

    /** What the engine wrote to its log. */
    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public Docker docker() {
        return docker;
    }

    @Override
    public boolean isForno() {
        return true;
    }

    @Override
    public void assertNothingLeft() {
        Host.eventually("nothing left behind", () -> {
            assertEquals(List.of(), leftovers().beyond(before));
            return before;
        });
    }

    private Leftovers leftovers() {
        return Leftovers.of(name, folder, process == null ? -1 : process.pid());
    }

    @Override
    public void close() {
        if (process != null) {
            for (String id : docker.run("ps", "-aq").lines()) {
                docker.run("rm", "-f", "-v", id);
            }
        }
        boolean ended = process != null;
        end(false);
        List<String> left = new ArrayList<>(ended ? Leftovers.mountedBelow(folder) : List.of());
        for (List<String> command : List.of(
                List.of("ip", "link", "delete", name),
                List.of("nft", "delete", "table", "inet", name),
                List.of("nft", "delete", "table", "ip", name))) {
            if (new Command(command).run().exit() == 0 && ended) {
                left.add(String.join(" ", command));
            }
        }
        Leftovers.unmountBelow(folder);
        Command.of("rm", "-rf", folder.toString()).run();
        assertEquals(List.of(), left, "what an engine without containers left at its end");
    }
}
