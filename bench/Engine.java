import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One engine: how it is started, spoken to and weighed. */
final class Engine {
    final String name;
    private final List<String> client;
    private final List<String> server;
    private final Map<String, String> environment;
    private final List<String> versionCommand;
    private Process process;

    private Engine(String name, List<String> client, List<String> server, Map<String, String> environment, List<String> versionCommand) {
        this.name = name;
        this.client = client;
        this.server = server;
        this.environment = environment;
        this.versionCommand = versionCommand;
    }

    static Engine forno(Path work) {
        Path run = work.resolve("forno/run");
        run.toFile().mkdirs();
        String socket = run.resolve("forno.sock").toString();
        return new Engine("forno", List.of("docker", "-H", "unix://" + socket),
                List.of("./forno", "engine", "--socket", socket, "--state", work.resolve("forno/state").toString(), "--run",
                        run.toString(), "--bridge", "fornobench", "--subnet", "10.212.1.1/24", "--nft-table", "fornobench",
                        "--cgroup-parent", "/fornobench"),
                Map.of("DOCKER_BUILDKIT", "0", "FORNO_BUILD", "never"),
                List.of("version", "--format", "{{.Server.Version}}"));
    }

    static Engine dockerd(Path work) {
        String socket = work.resolve("docker.sock").toString();
        return new Engine("dockerd", List.of("docker", "-H", "unix://" + socket),
                List.of("dockerd", "-H", "unix://" + socket, "--data-root", work.resolve("docker/data").toString(), "--exec-root",
                        work.resolve("docker/exec").toString(), "--pidfile", work.resolve("docker.pid").toString(), "--bip",
                        "10.212.2.1/24"),
                Map.of("DOCKER_BUILDKIT", "0"),
                List.of("version", "--format", "{{.Server.Version}}"));
    }

    static Engine podman(Path work) {
        return new Engine("podman",
                List.of("podman", "--root", work.resolve("podman/root").toString(), "--runroot", work.resolve("podman/run").toString(),
                        "--runtime", "runc", "--cgroup-manager", "cgroupfs", "--events-backend", "file"),
                List.of(), Map.of(), List.of("version", "--format", "{{.Client.Version}}"));
    }

    String[] pull(String reference) {
        return name.equals("podman")
                ? new String[] {"pull", "-q", "--tls-verify=false", reference}
                : new String[] {"pull", "-q", reference};
    }

    String[] push(String reference) {
        return name.equals("podman")
                ? new String[] {"push", "-q", "--tls-verify=false", reference}
                : new String[] {"push", "-q", reference};
    }

    void start(Bench bench) throws Exception {
        if (server.isEmpty()) {
            return;
        }
        process = bench.spawn(name, environment, server.toArray(String[]::new));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (Commands.exec(environment, all("version")).exit() != 0) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IllegalStateException(name + " did not start; see " + bench.work + "/" + name + ".log");
            }
            Thread.sleep(5);
        }
    }

    double restart(Bench bench) throws Exception {
        if (server.isEmpty()) {
            return Double.NaN;
        }
        stop();
        long begin = System.nanoTime();
        start(bench);
        return (System.nanoTime() - begin) / 1e6;
    }

    void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            process = null;
        }
    }

    /** Resident MiB of the engine and of the helpers that it keeps running. */
    double memory() {
        if (process == null) {
            return Double.NaN;
        }
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToDouble(handle -> residentKib(handle.pid()) / 1024.0)
                .sum();
    }

    private static long residentKib(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    String version() {
        return Commands.exec(environment, all(versionCommand.toArray(String[]::new))).output().strip();
    }

    void run(String... arguments) {
        Commands.Outcome outcome = Commands.exec(environment, all(arguments));
        if (outcome.exit() != 0 && !arguments[0].equals("rmi")) {
            outcome.check();
        }
    }

    double time(String... arguments) {
        return Commands.exec(environment, all(arguments)).check().millis();
    }

    private String[] all(String... arguments) {
        List<String> words = new ArrayList<>(client);
        words.addAll(List.of(arguments));
        if (name.equals("podman") && (arguments[0].equals("run") || arguments[0].equals("build"))) {
            // its defaults raise limits, which an engine inside a container may not
            words.addAll(client.size() + 1, List.of("--ulimit", "nofile=512:512", "--ulimit", "nproc=512:512"));
        }
        return words.toArray(String[]::new);
    }
}
