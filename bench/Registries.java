import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Forno's registry beside Debian's docker-registry: requests per second as {@code wrk} counts them, bytes per second, and the
 * processor's time that the registry takes for them, which doesn't depend on what else the machine does.
 */
final class Registries {
    private static final String MANIFESTS =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern LOCATION = Pattern.compile("^location: (\\S+)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern LAYER = Pattern.compile("\"layers\".*?\"digest\":\\s*\"([^\"]+)\"", Pattern.DOTALL);
    private static final Pattern CONFIG = Pattern.compile("\"config\".*?\"digest\":\\s*\"([^\"]+)\"", Pattern.DOTALL);
    private static final double SECONDS = 1.5;
    private static final int PUSHED = 128 << 20;
    private static final double TICKS = 100; // of a second in /proc, on every Linux

    private final Bench bench;
    private final List<Registry> registries = new ArrayList<>();
    private final int runs;
    private final Path fresh;
    private String digest = "";
    private long seed = System.nanoTime();

    Registries(Bench bench, int runs) {
        this.bench = bench;
        this.runs = Math.min(runs, 5);
        this.fresh = bench.work.resolve("fresh-blob");
    }

    private record Registry(String name, String base, long pid) {
        URI at(String path) {
            return URI.create(base + "/v2/bench/" + path);
        }

        /** Seconds that its threads have run. */
        double processor() throws IOException {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
        }
    }

    /** Copies the image into both and prints the table. */
    void measure(Images.Sample image) throws Exception {
        start("forno", port -> List.of("./forno", "registry", "serve", "--listen", "127.0.0.1:" + port, "--state",
                bench.work.resolve("forno-registry").toString()));
        start("docker-registry", port -> List.of("docker-registry", "serve", Bench.registryConfig(bench.work, "peer-registry", port).toString()));
        for (Registry registry : registries) {
            Commands.exec(Map.of(), "skopeo", "copy", "-q", "--dest-tls-verify=false", "docker-archive:" + image.archive(),
                    "docker://" + registry.base.substring("http://".length()) + "/bench:1").check();
        }
        System.out.printf("%n| %-36s | %-12s | %-16s | %s |%n|---|---|---|---|%n", "median of " + runs, "forno", "docker-registry", "forno is better by");
        rates("manifest GET/s, 8 connections", at -> wrk(at.at("manifests/1")));
        rates("config GET/s, 8 connections", at -> wrk(blob(at, CONFIG)));
        Map<Registry, URI> layers = new LinkedHashMap<>();
        for (Registry registry : registries) {
            layers.put(registry, blob(registry, LAYER));
        }
        for (int connections : new int[] {1, 4, 16}) {
            bytes("blob GET, " + connections + (connections == 1 ? " connection" : " connections"), () -> {}, at -> Drain.read(layers.get(at), connections, SECONDS));
        }
        bytes("push of 128 MB never seen", this::change, this::push);
    }

    private interface Command {
        List<String> at(int port) throws IOException;
    }

    private interface Measured {
        double on(Registry registry) throws Exception;
    }

    private void start(String name, Command command) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String base = "http://127.0.0.1:" + port;
        Process process = bench.spawn("registry-" + name, Map.of("FORNO_BUILD", "never"), command.at(port).toArray(String[]::new));
        for (int i = 0; i < 600 && Commands.exec(Map.of(), "curl", "-sf", base + "/v2/").exit() != 0; i++) {
            Thread.sleep(50);
        }
        registries.add(new Registry(name, base, process.pid()));
    }

    private void rates(String title, Measured rate) throws Exception {
        row(title, "/s", "%.0f", rounds(() -> {}, at -> new double[] {rate.on(at)}), 0);
    }

    /** Two rows of an action that gives how many bytes it moved: how fast, and by how much work of the registry. */
    private void bytes(String title, Preparation preparation, Measured moved) throws Exception {
        Map<Registry, List<double[]>> both = rounds(preparation, at -> {
            double before = at.processor();
            long begin = System.nanoTime();
            double count = moved.on(at);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new double[] {count / 1e6 / seconds, (at.processor() - before) / (count / 1e9)};
        });
        row(title, " MB/s", "%.0f", both, 0);
        row("  the registry's processor time", " s/GB", "%.2f", both, 1);
    }

    private interface Preparation {
        void run() throws Exception;
    }

    private interface Figures {
        double[] of(Registry registry) throws Exception;
    }

    /** One round to warm up, then as many as asked for, alternately. */
    private Map<Registry, List<double[]>> rounds(Preparation preparation, Figures figures) throws Exception {
        Map<Registry, List<double[]>> all = new LinkedHashMap<>();
        registries.forEach(registry -> all.put(registry, new ArrayList<>()));
        for (int round = 0; round <= runs; round++) {
            for (Registry registry : registries) {
                preparation.run();
                double[] figure = figures.of(registry);
                if (round > 0) {
                    all.get(registry).add(figure);
                }
            }
        }
        return all;
    }

    /** Of the first figure more is better, of the second less. */
    private void row(String title, String unit, String format, Map<Registry, List<double[]>> figures, int which) {
        List<Double> medians = figures.values().stream()
                .map(list -> Bench.median(list.stream().map(figure -> figure[which]).toList()))
                .toList();
        double better = which == 0 ? medians.get(0) / medians.get(1) : medians.get(1) / medians.get(0);
        System.out.printf("| %-36s | %-12s | %-16s | %s |%n", title, (format + unit).formatted(medians.get(0)),
                (format + unit).formatted(medians.get(1)), "%.1f×".formatted(better));
    }

    private static double wrk(URI address) {
        Commands.Outcome outcome =
                Commands.exec(Map.of(), "wrk", "-t1", "-c8", "-d2s", "-H", "Accept: " + MANIFESTS, address.toString()).check();
        Matcher found = RATE.matcher(outcome.output());
        if (outcome.output().contains("Non-2xx") || !found.find()) {
            throw new IllegalStateException(address + ": " + outcome.output());
        }
        return Double.parseDouble(found.group(1));
    }

    /** The address of the first blob that the manifest names so. */
    private static URI blob(Registry at, Pattern kind) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(at.at("manifests/1")).header("Accept", MANIFESTS).build();
            Matcher digest = kind.matcher(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            if (!digest.find()) {
                throw new IllegalStateException("no blob at " + at.base);
            }
            return at.at("blobs/" + digest.group(1));
        }
    }

    /** Makes the file to be pushed another one. */
    private void change() throws IOException {
        byte[] bytes = new byte[1 << 20];
        boolean there = Files.exists(fresh);
        Random random = new Random(++seed);
        try (OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int at = 0; at < (there ? 1 : PUSHED >> 20); at++) {
                random.nextBytes(bytes);
                out.write(bytes);
            }
        }
        digest = "sha256:" + Commands.exec(Map.of(), "sha256sum", fresh.toString()).check().output().substring(0, 64);
    }

    /** As most clients do: begins an upload, sends all bytes in one stream, and says the digest. */
    private double push(Registry at) throws Exception {
        URI begun = location(at, Commands.exec(Map.of(), "curl", "-si", "-XPOST", at.at("blobs/uploads/").toString()));
        URI sent = location(at, Commands.exec(Map.of(), "curl", "-si", "-XPATCH", "-H", "Expect:", "-H", "Transfer-Encoding: chunked",
                "-H", "Content-Type: application/octet-stream", "-T", fresh.toString(), begun.toString()));
        String end = sent + (sent.getQuery() == null ? "?" : "&") + "digest=" + digest;
        Commands.exec(Map.of(), "curl", "-sf", "-XPUT", "-H", "Content-Length: 0", end).check();
        return PUSHED;
    }

    private static URI location(Registry at, Commands.Outcome answer) {
        Matcher location = LOCATION.matcher(answer.check().output());
        if (!location.find()) {
            throw new IllegalStateException(answer.output());
        }
        return URI.create(at.base).resolve(location.group(1));
    }
}
