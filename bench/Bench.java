import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Times whole commands of Forno and of its peers, alternately in one run: one warm-up, then N rounds in which every engine
 * does the scenario once. Prints medians and, per peer, the median divided by Forno's. Started by {@code bench/run}.
 */
final class Bench {
    final Path work;
    private final int runs;
    private final String registry;
    private final Images images;
    private final Floors floors;
    private long seed = System.nanoTime();
    private final List<Engine> engines = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();

    private Bench(Path cache, int runs) throws IOException {
        this.work = Files.createTempDirectory("forno-bench");
        this.runs = runs;
        try (ServerSocket free = new ServerSocket(0)) {
            this.registry = "127.0.0.1:" + free.getLocalPort();
        }
        this.images = new Images(cache, work, registry);
        this.floors = new Floors(work);
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
        if (Commands.found("dockerd")) {
            engines.add(Engine.dockerd(work));
        }
        if (Commands.found("podman")) {
            engines.add(Engine.podman(work));
        }
        for (Engine engine : engines) {
            engine.start(this);
            System.out.println("engine: " + engine.name + " " + engine.version());
        }
        Map<String, Scenario> scenarios = scenarios();
        scenarios.keySet().removeIf(name -> !wanted(name, chosen));
        Set<String> prepared = new HashSet<>(scenarios.keySet());
        if (wanted("registry", chosen)) {
            prepared.add("registry");
        }
        prepareImages(prepared);
        System.out.printf("%n| %-36s |", "median of " + runs);
        engines.forEach(engine -> System.out.printf(" %-12s |", engine.name));
        engines.stream().skip(1).forEach(engine -> System.out.printf(" %-14s |", engine.name + "/forno"));
        System.out.println(" written | forno/written | kept | forno/kept |\n|" + "---|".repeat(2 * engines.size() + 4));
        for (Scenario scenario : scenarios.values()) {
            measure(scenario);
        }
        if (prepared.contains("registry")) {
            new Registries(this, runs).measure(images.debian());
        }
    }

    /** What is done once per engine and round; gives milliseconds (or MiB). */
    private record Scenario(String title, String unit, Action before, Timed action, Floor floor) {
        Scenario(String title, String unit, Action before, Timed action) {
            this(title, unit, before, action, () -> Floors.Least.UNKNOWN);
        }
    }

    /** The least that any engine has to do. */
    private interface Floor {
        Floors.Least millis() throws Exception;
    }

    private interface Action {
        void on(Engine engine) throws Exception;
    }

    private interface Timed {
        double on(Engine engine) throws Exception;
    }

    private Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        Action nothing = engine -> {};
        String base = Images.BUSYBOX;
        all.put("run-bridge", new Scenario("run --rm (bridge network)", "ms", nothing, e -> e.time("run", "--rm", base, "true")));
        all.put("run-none", new Scenario("run --rm --network none", "ms", nothing,
                e -> e.time("run", "--rm", "--network", "none", base, "true")));
        all.put("parallel", new Scenario("20 × run --rm at once", "ms", nothing, this::twentyAtOnce));
        for (Images.Sample sample : List.of(images.debian(), images.files(), images.layers())) {
            // an engine that has the layers loads nothing
            Action forget = e -> e.run("rmi", "-f", sample.name(), images.pulled(sample));
            all.put("load-" + sample.key(), new Scenario("load of " + sample.title(), "ms", forget,
                    e -> e.time("load", "-q", "-i", sample.archive().toString()), () -> floors.load(sample)));
            all.put("pull-" + sample.key(), new Scenario("pull of " + sample.title() + " (loopback)", "ms", forget,
                    e -> e.time(e.pull(images.pulled(sample))), () -> floors.pull(images.pulled(sample))));
        }
        all.put("push", new Scenario("push of 64 MB never seen", "ms", this::importNeverSeen,
                e -> e.time(e.push(registry + "/" + e.name + ":fresh"))));
        all.put("build", new Scenario("build --no-cache, 3 RUN + 1 COPY", "ms", nothing,
                e -> e.time("build", "--no-cache", "-q", "-t", "bench:built", images.context().toString())));
        all.put("startup", new Scenario("engine start until it answers", "ms", nothing, e -> e.restart(this)));
        all.put("memory", new Scenario("idle resident memory", "MiB", nothing, Engine::memory));
        return all;
    }

    private void importNeverSeen(Engine engine) throws IOException {
        String name = registry + "/" + engine.name + ":fresh";
        engine.run("rmi", "-f", name);
        engine.run("import", images.neverSeen(++seed).toString(), name);
    }

    private double twentyAtOnce(Engine engine) throws Exception {
        long begin = System.nanoTime();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(pool.submit(() -> engine.time("run", "--rm", Images.BUSYBOX, "true")));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private void measure(Scenario scenario) throws Exception {
        Map<Engine, List<Double>> times = new LinkedHashMap<>();
        List<Floors.Least> floors = new ArrayList<>();
        for (int round = 0; round <= runs; round++) {
            Floors.Least floor = scenario.floor.millis();
            if (round > 0) {
                floors.add(floor);
            }
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
        System.out.println(compared(forno, median(floors.stream().map(Floors.Least::written).toList()))
                + compared(forno, median(floors.stream().map(Floors.Least::kept).toList())));
    }

    private static String compared(double forno, double least) {
        return Double.isNaN(least) ? " — | — |" : " %.0f ms | %.1f× |".formatted(least, forno / least);
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private boolean wanted(String scenario, List<String> chosen) {
        return chosen.isEmpty() || chosen.contains(scenario) || chosen.contains(scenario.replaceFirst("-.*", ""));
    }

    private void prepareImages(Set<String> scenarios) throws Exception {
        images.prepareBase(engines);
        Engine maker = engines.stream().filter(e -> e.name.equals("dockerd")).findFirst().orElse(engines.getFirst());
        for (Images.Sample sample : List.of(images.debian(), images.files(), images.layers())) {
            boolean needed = scenarios.contains("load-" + sample.key()) || scenarios.contains("pull-" + sample.key());
            if (needed || (scenarios.contains("registry") && sample.key().equals("debian"))) {
                images.prepare(sample, maker);
            }
        }
    }

    private void startRegistry() throws Exception {
        int port = Integer.parseInt(registry.substring(registry.indexOf(':') + 1));
        spawn("registry", Map.of(), "docker-registry", "serve", registryConfig(work, "registry", port).toString());
    }

    static Path registryConfig(Path work, String name, int port) throws IOException {
        return Files.writeString(work.resolve(name + ".yml"),
                "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage:\n  filesystem: {rootdirectory: "
                        + work.resolve(name) + "}\nhttp: {addr: \"127.0.0.1:" + port + "\"}\n");
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
        Commands.shell("awk '{print $5}' /proc/self/mountinfo | grep ^" + work + " | sort -r | xargs -r -n1 umount -l");
        Commands.exec(Map.of(), "rm", "-rf", work.toString());
    }
}
