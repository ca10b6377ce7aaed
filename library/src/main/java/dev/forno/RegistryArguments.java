package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a registry's settings by their keys, which are options of {@code forno registry serve}. */
final class RegistryArguments {
    static final List<String> KEYS = List.of(
            "listen",
            "tls-cert",
            "tls-key",
            "client-ca",
            "htpasswd",
            "rights",
            "token",
            "public-url",
            "upstream",
            "upstream-ttl",
            "upstream-keep",
            "upstream-size",
            "sparse",
            "gc-interval",
            "gc-grace");
    static final Set<String> REPEATABLE = Set.of("listen", "upstream");
    static final Set<String> SWITCHES = Set.of("token", "sparse");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([kmgt]?)");

    private RegistryArguments() {}

    /** The keys of a registry that a command serves by itself. */
    static OptionKeys alone() {
        List<String> keys = new ArrayList<>(KEYS);
        keys.addAll(List.of("state", "log-level", "insecure-registry"));
        Set<String> repeatable = new HashSet<>(REPEATABLE);
        repeatable.add("insecure-registry");
        return new OptionKeys(keys, repeatable, SWITCHES);
    }

    /** The settings; {@code prefix} comes before every key. */
    static RegistryConfig config(Map<String, List<String>> values, String prefix, RegistryConfig defaults) {
        Values of = new Values(values, prefix);
        return new RegistryConfig(
                values.getOrDefault(prefix + "listen", defaults.listen()),
                of.path("tls-cert"),
                of.path("tls-key"),
                of.path("client-ca"),
                of.path("htpasswd"),
                of.path("rights"),
                of.flag("token"),
                of.url("public-url"),
                values.getOrDefault(prefix + "upstream", List.of()),
                of.time("upstream-ttl", defaults.upstreamTtl()),
                of.time("upstream-keep", defaults.upstreamKeep()),
                of.size("upstream-size", defaults.upstreamSize()),
                of.flag("sparse"),
                of.time("gc-interval", defaults.gcInterval()),
                of.time("gc-grace", defaults.gcGrace()));
    }

    private record Values(Map<String, List<String>> all, String prefix) {
        Optional<String> text(String key) {
            return Optional.ofNullable(all.get(prefix + key)).map(List::getLast);
        }

        Optional<Path> path(String key) {
            return text(key).map(text -> Path.of(text).toAbsolutePath().normalize());
        }

        Optional<URI> url(String key) {
            return text(key).map(text -> {
                try {
                    return new URI(text);
                } catch (URISyntaxException e) {
                    throw invalid(prefix + key + " = " + text + ": expected a URL as https://registry.example.com");
                }
            });
        }

        boolean flag(String key) {
            String text = text(key).orElse("false");
            if (!text.equals("true") && !text.equals("false")) {
                throw invalid(prefix + key + " = " + text + ": expected true or false");
            }
            return text.equals("true");
        }

        Duration time(String key, Duration otherwise) {
            return text(key).map(text -> duration(prefix + key, text)).orElse(otherwise);
        }

        long size(String key, long otherwise) {
            return text(key).map(text -> bytes(prefix + key, text)).orElse(otherwise);
        }
    }

    private static long bytes(String key, String text) {
        Matcher m = SIZE.matcher(text);
        if (!m.matches()) {
            throw invalid(key + " = " + text + ": expected a size as 500m, 20g or 1t");
        }
        int power = m.group(2).isEmpty() ? 0 : 1 + "kmgt".indexOf(m.group(2));
        return Long.parseLong(m.group(1)) << (10 * power);
    }

    private static Duration duration(String key, String text) {
        Matcher m = TIME.matcher(text);
        if (!m.matches()) {
            throw invalid(key + " = " + text + ": expected a time as 30s, 10m, 1h or 7d");
        }
        long count = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static FornoException invalid(String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "read configuration: " + reason);
    }
}
