package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the configuration. The same keys are understood as options ({@code --key value} or {@code --key=value}), as
 * environment ({@code FORNO_KEY}, with commas where a key is repeatable) and as lines {@code key = value} of the file, {@code #}
 * begins a comment. An option wins over the environment, which wins over the file. Unknown keys are errors, except in the
 * environment, which holds what is meant for other programs too.
 */
final class ConfigSources {
    /** Where the file is looked for when none is named; it may be missing. */
    static final Path DEFAULT_FILE = Path.of("/etc/forno/forno.conf");

    /** Before the keys of the registry that the engine serves. */
    private static final String SERVED = "registry-";

    private static final OptionKeys KEYS = keys(
            "state",
            "run",
            "socket",
            "host",
            "socket-group",
            "bridge",
            "subnet",
            "nft-table",
            "cgroup-parent",
            "runtime",
            "monitor",
            "snapshotter",
            "insecure-registry",
            "registry-mirror",
            "registry-auth",
            "registries-conf",
            "certs-d",
            "log-level");

    private ConfigSources() {}

    private static OptionKeys keys(String... own) {
        List<String> all = new ArrayList<>(List.of(own));
        Set<String> repeatable = new HashSet<>(Set.of("host", "insecure-registry", "registry-mirror", "certs-d"));
        Set<String> switches = new HashSet<>();
        RegistryArguments.KEYS.forEach(key -> all.add(SERVED + key));
        RegistryArguments.REPEATABLE.forEach(key -> repeatable.add(SERVED + key));
        RegistryArguments.SWITCHES.forEach(key -> switches.add(SERVED + key));
        return new OptionKeys(all, repeatable, switches);
    }

    /** Merges all sources; throws {@link ErrorKind#INVALID_ARGUMENT} naming the source and the key. */
    static FornoConfig read(List<String> arguments, Map<String, String> environment) {
        Map<String, List<String>> options = options(arguments);
        Map<String, List<String>> merged = new HashMap<>(file(options, environment));
        for (String key : KEYS.all()) {
            String value = environment.get(variable(key));
            if (value != null && !value.isEmpty()) {
                merged.put(
                        key, KEYS.repeatable().contains(key) ? List.of(value.split("\\s*,\\s*", -1)) : List.of(value));
            }
        }
        merged.putAll(options);
        return config(merged);
    }

    private static FornoConfig config(Map<String, List<String>> values) {
        FornoConfig defaults = FornoConfig.DEFAULTS;
        Path run = one(values, "run").map(ConfigSources::path).orElse(defaults.run());
        return new FornoConfig(
                one(values, "state").map(ConfigSources::path).orElse(defaults.state()),
                run,
                one(values, "socket").map(ConfigSources::path).orElse(run.resolve("forno.sock")),
                values.getOrDefault("host", List.of()),
                one(values, "socket-group").orElse(defaults.socketGroup()),
                one(values, "bridge").orElse(defaults.bridge()),
                one(values, "subnet"),
                one(values, "nft-table").orElse(defaults.nftTable()),
                one(values, "cgroup-parent").orElse(defaults.cgroupParent()),
                one(values, "runtime"),
                one(values, "monitor"),
                one(values, "snapshotter").map(SnapshotterChoice::parse).orElse(defaults.snapshotter()),
                registries(values),
                served(values),
                one(values, "log-level").orElse(defaults.logLevel()).toLowerCase(Locale.ROOT));
    }

    private static RegistrySources registries(Map<String, List<String>> values) {
        return new RegistrySources(
                new LinkedHashSet<>(values.getOrDefault("insecure-registry", List.of())),
                values.getOrDefault("registry-mirror", List.of()),
                values.getOrDefault("certs-d", List.of()).stream()
                        .map(ConfigSources::path)
                        .toList(),
                one(values, "registries-conf").map(ConfigSources::path),
                one(values, "registry-auth").map(ConfigSources::path));
    }

    private static Optional<RegistryConfig> served(Map<String, List<String>> values) {
        List<String> listen = values.getOrDefault(SERVED + "listen", List.of());
        if (listen.isEmpty()) {
            values.keySet().stream()
                    .filter(key ->
                            key.startsWith(SERVED) && RegistryArguments.KEYS.contains(key.substring(SERVED.length())))
                    .findFirst()
                    .ifPresent(key -> {
                        throw invalid(key + " needs registry-listen: without it no registry is served");
                    });
            return Optional.empty();
        }
        RegistryConfig defaults = RegistryConfig.at(listen.getFirst());
        return Optional.of(RegistryArguments.config(values, SERVED, defaults));
    }

    private static Optional<String> one(Map<String, List<String>> values, String key) {
        return Optional.ofNullable(values.get(key)).map(List::getLast);
    }

    /** A path; {@code unix://} is accepted where a socket is meant. */
    private static Path path(String text) {
        String bare = text.startsWith("unix://") ? text.substring("unix://".length()) : text;
        return Path.of(bare).toAbsolutePath().normalize();
    }

    static String variable(String key) {
        return "FORNO_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Map<String, List<String>> options(List<String> arguments) {
        List<String> all = new ArrayList<>(KEYS.all());
        all.addFirst("config");
        return new OptionKeys(all, KEYS.repeatable(), KEYS.switches())
                .parse(arguments, "the options are --" + String.join(", --", all));
    }

    private static Map<String, List<String>> file(Map<String, List<String>> options, Map<String, String> environment) {
        Optional<String> named = one(options, "config").or(() -> Optional.ofNullable(environment.get("FORNO_CONFIG")));
        options.remove("config");
        Path path = named.map(ConfigSources::path).orElse(DEFAULT_FILE);
        try {
            return parse(path, Files.readAllLines(path));
        } catch (NoSuchFileException e) {
            if (named.isPresent()) {
                throw invalid("there is no file " + path);
            }
            return Map.of();
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "read configuration " + path + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, List<String>> parse(Path path, List<String> lines) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? line : line.substring(0, equals).strip();
            String where = path + ", line " + (i + 1) + ": ";
            if (equals < 0) {
                throw invalid(where + "expected key = value");
            }
            if (!KEYS.contains(key)) {
                throw invalid(where + "unknown key \"" + key + "\"; the keys are " + String.join(", ", KEYS.all()));
            }
            KEYS.add(values, key, line.substring(equals + 1).strip(), where + "given twice: ");
        }
        return values;
    }

    private static FornoException invalid(String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "read configuration: " + reason);
    }
}
