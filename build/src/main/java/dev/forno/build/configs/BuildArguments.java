package dev.forno.build.configs;

import dev.forno.build.dockerfile.Instruction.Parameter;
import dev.forno.build.dockerfile.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Build arguments of one scope: the part before the first FROM, or a stage (Dockerfile reference, ARG). Values given by the
 * user come before defaults. The proxies are known everywhere without being declared. For one thread; scopes of the same
 * build may be used by several threads.
 */
public final class BuildArguments {
    private static final Set<String> PROXIES = Set.of(
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "FTP_PROXY",
            "ftp_proxy",
            "NO_PROXY",
            "no_proxy",
            "ALL_PROXY",
            "all_proxy");

    private final Map<String, String> given;
    private final Map<String, String> platform;
    private final Map<String, String> global;
    private final Set<String> consumed;
    private final Map<String, @Nullable String> declared = new LinkedHashMap<>();

    private BuildArguments(
            Map<String, String> given, Map<String, String> platform, Map<String, String> global, Set<String> consumed) {
        this.given = given;
        this.platform = platform;
        this.global = global;
        this.consumed = consumed;
    }

    /**
     * The scope before the first FROM.
     *
     * @param given the user's values
     * @param platform the platform arguments, as {@code TARGETARCH}
     */
    public static BuildArguments global(Map<String, String> given, Map<String, String> platform) {
        return new BuildArguments(given, platform, Map.of(), ConcurrentHashMap.newKeySet());
    }

    /** A stage's scope below this global one. */
    public BuildArguments stage() {
        Map<String, String> values = new LinkedHashMap<>(platform);
        declared.forEach((name, value) -> {
            if (value != null) {
                values.put(name, value);
            }
        });
        return new BuildArguments(given, platform, Collections.unmodifiableMap(values), consumed);
    }

    /** Declares an argument; its default may use {@code words}. */
    public void declare(Parameter parameter, Words words) {
        String name = words.expand(parameter.name());
        String fallback = parameter.value() == null ? null : words.expand(parameter.value());
        consumed.add(name);
        String value = given.get(name);
        if (value == null) {
            value = fallback != null ? fallback : global.get(name);
        }
        declared.put(name, value);
    }

    /** The value for the expansion of words; null when it isn't declared or has no value. */
    public @Nullable String value(String name) {
        String value = declared.get(name);
        if (value == null && PROXIES.contains(name)) {
            value = given.get(name);
        }
        return value;
    }

    /** The value in the global scope, where the platform arguments are known undeclared. */
    public @Nullable String globalValue(String name) {
        return declared.containsKey(name) ? value(name) : platform.get(name);
    }

    /** What a RUN gets in its environment: arguments with a value that no ENV hides, as {@code NAME=value}. */
    public List<String> environment(Predicate<String> hidden) {
        Map<String, String> values = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (PROXIES.contains(name)) {
                values.put(name, value);
            }
        });
        declared.forEach((name, value) -> {
            if (value != null) {
                values.put(name, value);
            }
        });
        List<String> environment = new ArrayList<>();
        values.forEach((name, value) -> {
            if (!hidden.test(name)) {
                environment.add(name + "=" + value);
            }
        });
        return environment;
    }

    /** The part of {@link #environment} that decides about the cache and goes into the history: no undeclared proxies. */
    public List<String> significant(Predicate<String> hidden) {
        return environment(hidden).stream()
                .filter(variable -> declared.containsKey(variable.substring(0, variable.indexOf('='))))
                .sorted()
                .toList();
    }

    /** The given arguments that nothing has declared so far, in any scope of the build. */
    public List<String> unconsumed() {
        Set<String> names = new TreeSet<>(given.keySet());
        names.removeAll(new HashSet<>(consumed));
        names.removeAll(PROXIES);
        names.removeAll(platform.keySet());
        return List.copyOf(names);
    }
}
