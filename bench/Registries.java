import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forno's registry beside Debian's docker-registry: requests and bytes per second as {@code wrk} counts them. */
final class Registries {
    private static final String MANIFESTS =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern TRANSFER = Pattern.compile("Transfer/sec:\\s+([0-9.]+)(KB|MB|GB)");
    private static final Pattern LAYER = Pattern.compile("\"layers\".*?\"digest\":\\s*\"([^\"]+)\"", Pattern.DOTALL);

    private final Bench bench;
    private final Map<String, String> bases = new LinkedHashMap<>();
    private final int runs;

    Registries(Bench bench, int runs) {
        this.bench = bench;
        this.runs = runs;
    }

    /** Copies the image into both and prints the table. */
    void measure(Images.Sample image) throws Exception {
        start("forno", port -> List.of("./forno", "registry", "serve", "--listen", "127.0.0.1:" + port, "--state",
                bench.work.resolve("forno-registry").toString()));
        start("docker-registry", port -> List.of("docker-registry", "serve", Bench.registryConfig(bench.work, "peer-registry", port).toString()));
        for (String base : bases.values()) {
            Commands.exec(Map.of(), "skopeo", "copy", "-q", "--dest-tls-verify=false", "docker-archive:" + image.archive(),
                    "docker://" + base + "/bench:1").check();
        }
        System.out.printf("%n| %-36s | %-12s | %-16s | %s |%n|---|---|---|---|%n", "median of " + runs, "forno", "docker-registry", "forno/docker-registry");
        row("manifest GET/s, 8 connections", "/s", base -> wrk(base + "/v2/bench/manifests/1", RATE, MANIFESTS));
        row("blob MB/s, 4 connections", " MB/s", base -> wrk(base + "/v2/bench/blobs/" + layer(base), TRANSFER, "*/*"));
    }

    private interface Command {
        List<String> at(int port) throws IOException;
    }

    private void start(String name, Command command) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String base = "127.0.0.1:" + port;
        bench.spawn("registry-" + name, Map.of("FORNO_BUILD", "never"), command.at(port).toArray(String[]::new));
        for (int i = 0; i < 600 && Commands.exec(Map.of(), "curl", "-sf", "http://" + base + "/v2/").exit() != 0; i++) {
            Thread.sleep(50);
        }
        bases.put(name, base);
    }

    private void row(String title, String unit, ToDoubleFunction<String> rate) {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round <= runs; round++) {
            for (Map.Entry<String, String> registry : bases.entrySet()) {
                double value = rate.applyAsDouble(registry.getValue());
                if (round > 0) {
                    rates.computeIfAbsent(registry.getKey(), name -> new ArrayList<>()).add(value);
                }
            }
        }
        double forno = Bench.median(rates.get("forno"));
        double peer = Bench.median(rates.get("docker-registry"));
        System.out.printf("| %-36s | %-12s | %-16s | %s |%n", title, "%.0f%s".formatted(forno, unit), "%.0f%s".formatted(peer, unit),
                "%.1f×".formatted(forno / peer));
    }

    private static double wrk(String address, Pattern figure, String accept) {
        int connections = figure == RATE ? 8 : 4;
        Commands.Outcome outcome = Commands.exec(Map.of(), "wrk", "-t1", "-c" + connections, "-d2s", "-H", "Accept: " + accept, "http://" + address)
                .check();
        if (outcome.output().contains("Non-2xx")) {
            throw new IllegalStateException(address + ": " + outcome.output());
        }
        Matcher found = figure.matcher(outcome.output());
        if (!found.find()) {
            throw new IllegalStateException(outcome.output());
        }
        double value = Double.parseDouble(found.group(1));
        return figure == RATE ? value : value * switch (found.group(2)) {
            case "KB" -> 1 / 1024.0;
            case "GB" -> 1024;
            default -> 1;
        };
    }

    private static String layer(String base) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + base + "/v2/bench/manifests/1")).header("Accept", MANIFESTS).build();
            Matcher layer = LAYER.matcher(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            if (!layer.find()) {
                throw new IllegalStateException("no layer at " + base);
            }
            return layer.group(1);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
