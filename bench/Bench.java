import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Times whole commands of Forno and of its peers, alternately in one run: one warm-up, then N rounds in which every engine
 * does the scenario once. Prints medians and, per peer, the median divided by Forno's. Started by {@code bench/run}.
 */
final class Bench {
    private static final String BASE = "busybox:bench";
    private static final String DEBIAN = "debian:bench";

    private final Path work;
    private final Path debianTar;
    private final int runs;
    private final int registryPort;
    private final List<Engine> engines = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();

    private Bench(Path cache, int runs) throws IOException {
        this.work = Files.createTempDirectory("forno-bench");
        this.debianTar = cache.resolve("debian.tar");
        this.runs = runs;
        try (ServerSocket free = new ServerSocket(0)) {
            this.registryPort = free.getLocalPort();
        }
    }

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(args));
        Path cache = Path.of(words.removeFirst());
        int runs = 9;
        if (words.size() > 1 && words.getFirst().equals("--runs")) {
            words.removeFirst();
            runs = Integer.parseInt(words.removeFirst());
        }
        Bench bench = new Bench(cache, runs);
        try {
            bench.all(words);
        } finally {
            bench.close();
        }
    }

    private void all(List<String> chosen) throws Exception {
        startRegistry();
        engines.add(Engine.forno(work));
        if (found("dockerd")) {
            engines.add(Engine.dockerd(work));
        }
        if (found("podman")) {
            engines.add(Engine.podman(work));
        }
        for (Engine engine : engines) {
            engine.start(this);
            System.out.println("engine: " + engine.name + " " + engine.version());
        }
        prepareImages();
        Map<String, Scenario> scenarios = scenarios();
        System.out.printf("%n| %-36s |", "median of " + runs);
        engines.forEach(engine -> System.out.printf(" %-12s |", engine.name));
        engines.stream().skip(1).forEach(engine -> System.out.printf(" %-14s |", engine.name + "/forno"));
        System.out.println("\n|" + "---|".repeat(2 * engines.size()));
        for (Map.Entry<String, Scenario> scenario : scenarios.entrySet()) {
            if (chosen.isEmpty() || chosen.contains(scenario.getKey())) {
                measure(scenario.getValue());
            }
        }
    }

    /** What is done once per engine and round; gives milliseconds (or MiB). */
    private record Scenario(String title, String unit, Action before, Timed action) {}

    private interface Action {
        void on(Engine engine) throws Exception;
    }

    private interface Timed {
        double on(Engine engine) throws Exception;
    }

    private Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        Action nothing = engine -> {};
        all.put("run-bridge", new Scenario("run --rm (bridge network)", "ms", nothing, e -> e.time("run", "--rm", BASE, "true")));
        all.put("run-none", new Scenario("run --rm --network none", "ms", nothing,
                e -> e.time("run", "--rm", "--network", "none", BASE, "true")));
        all.put("parallel", new Scenario("20 × run --rm at once", "ms", nothing, this::twentyAtOnce));
        Action forget = e -> e.run("rmi", "-f", DEBIAN, pulled()); // an engine that has the layer loads nothing
        all.put("load", new Scenario("load of a Debian base (docker archive)", "ms", forget,
                e -> e.time("load", "-q", "-i", work.resolve("debian-archive.tar").toString())));
        all.put("pull", new Scenario("pull of a Debian base (loopback)", "ms", forget, e -> e.time(e.pull(pulled()))));
        all.put("build", new Scenario("build --no-cache, 3 RUN + 1 COPY", "ms", nothing,
                e -> e.time("build", "--no-cache", "-q", "-t", "bench:built", context().toString())));
        all.put("startup", new Scenario("engine start until it answers", "ms", nothing, e -> e.restart(this)));
        all.put("memory", new Scenario("idle resident memory", "MiB", nothing, Engine::memory));
        return all;
    }

    private String pulled() {
        return "127.0.0.1:" + registryPort + "/debian:bench";
    }

    private double twentyAtOnce(Engine engine) throws Exception {
        long begin = System.nanoTime();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(pool.submit(() -> engine.time("run", "--rm", BASE, "true")));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private void measure(Scenario scenario) throws Exception {
        Map<Engine, List<Double>> times = new LinkedHashMap<>();
        for (int round = 0; round <= runs; round++) {
            for (Engine engine : engines) {
                scenario.before.on(engine);
                double value = scenario.action.on(engine);
                if (round > 0 && !Double.isNaN(value)) {
                    times.computeIfAbsent(engine, e -> new ArrayList<>()).add(value);
                }
            }
        }
        System.out.printf("| %-36s |", scenario.title);
        double forno = median(times.get(engines.getFirst()));
        for (Engine engine : engines) {
            System.out.printf(" %-12s |", times.containsKey(engine) ? "%.0f %s".formatted(median(times.get(engine)), scenario.unit) : "—");
        }
        for (Engine engine : engines.subList(1, engines.size())) {
            System.out.printf(" %-14s |", times.containsKey(engine) ? "%.1f×".formatted(median(times.get(engine)) / forno) : "—");
        }
        System.out.println();
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private Path context() {
        return work.resolve("context");
    }

    private void prepareImages() throws Exception {
        Path root = work.resolve("root");
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (String applet : new String[] {"sh", "true", "echo", "cat", "ls", "mkdir", "sleep"}) {
            Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
        }
        Path tar = work.resolve("busybox.tar");
        check(exec(Map.of(), "tar", "--numeric-owner", "-C", root.toString(), "-cf", tar.toString(), "."));
        Files.createDirectories(context());
        Files.writeString(context().resolve("file"), "content\n".repeat(1000));
        Files.writeString(context().resolve("Dockerfile"),
                "FROM " + BASE + "\nRUN echo 1 > /1\nCOPY file /file\nRUN echo 2 > /2\nRUN echo 3 > /3\n");
        for (Engine engine : engines) {
            engine.run("import", tar.toString(), BASE);
        }
        Engine first = engines.stream().filter(e -> e.name.equals("dockerd")).findFirst().orElse(engines.getFirst());
        first.run("import", debianTar.toString(), DEBIAN);
        first.run("save", "-o", work.resolve("debian-archive.tar").toString(), DEBIAN);
        first.run("tag", DEBIAN, pulled());
        first.run("push", pulled());
    }

    private void startRegistry() throws Exception {
        Path config = Files.writeString(work.resolve("registry.yml"),
                "version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: " + work.resolve("registry")
                        + "}\nhttp: {addr: \"127.0.0.1:" + registryPort + "\"}\n");
        spawn("registry", Map.of(), "docker-registry", "serve", config.toString());
    }

    Process spawn(String name, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve(name + ".log").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private void close() throws Exception {
        for (Engine engine : engines) {
            engine.stop();
        }
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        exec(Map.of(), "sh", "-c", "awk '{print $5}' /proc/self/mountinfo | grep ^" + work + " | sort -r | xargs -r -n1 umount -l");
        exec(Map.of(), "rm", "-rf", work.toString());
    }

    private static boolean found(String program) {
        return exec(Map.of(), "sh", "-c", "command -v " + program).exit == 0;
    }

    private record Outcome(int exit, String output, double millis) {}

    private static Outcome exec(Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            long begin = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            return new Outcome(exit, output, (System.nanoTime() - begin) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Outcome check(Outcome outcome) {
        if (outcome.exit != 0) {
            throw new IllegalStateException("exit " + outcome.exit + ": " + outcome.output);
        }
        return outcome;
    }

    /** One engine: how it is started, spoken to and weighed. */
    private static final class Engine {
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

        void start(Bench bench) throws Exception {
            if (server.isEmpty()) {
                return;
            }
            process = bench.spawn(name, environment, server.toArray(String[]::new));
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (exec(environment, all("version")).exit != 0) {
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
            return exec(environment, all(versionCommand.toArray(String[]::new))).output.strip();
        }

        void run(String... arguments) {
            Outcome outcome = exec(environment, all(arguments));
            if (outcome.exit != 0 && !arguments[0].equals("rmi")) {
                check(outcome);
            }
        }

        double time(String... arguments) {
            return check(exec(environment, all(arguments))).millis;
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
}
