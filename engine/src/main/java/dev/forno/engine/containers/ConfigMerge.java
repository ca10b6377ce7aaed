package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Completes what a user asked by what the image says. */
final class ConfigMerge {
    private ConfigMerge() {}

    /** The container's configuration; {@code hostname} stands in when the user named none. */
    static ContainerConfig merge(ContainerConfig asked, ImageConfig.Execution image, String hostname) {
        List<String> entrypoint = asked.entrypoint();
        List<String> cmd = asked.cmd();
        if (entrypoint == null || entrypoint.isEmpty()) {
            entrypoint = image.entrypoint();
            if (cmd == null || cmd.isEmpty()) {
                cmd = image.cmd();
            }
        } else if (entrypoint.equals(List.of(""))) {
            entrypoint = null;
        }
        Set<String> ports = new LinkedHashSet<>();
        asked.exposedPorts().forEach(p -> ports.add(withProtocol(p)));
        image.ports().forEach(p -> ports.add(withProtocol(p)));
        Set<String> volumes = new LinkedHashSet<>(image.volumePaths());
        volumes.addAll(asked.volumes());
        return new ContainerConfig(
                asked.image(),
                cmd,
                entrypoint,
                environment(asked.env(), image.env()),
                labels(asked.labels(), image.labels()),
                asked.user().isEmpty() ? orEmpty(image.user()) : asked.user(),
                asked.workingDir().isEmpty() ? orEmpty(image.workingDir()) : asked.workingDir(),
                asked.hostname().isEmpty() ? hostname : asked.hostname(),
                asked.domainname(),
                asked.stdio(),
                ports,
                volumes,
                asked.stopSignal().isEmpty() ? orEmpty(image.stopSignal()) : asked.stopSignal(),
                asked.stopTimeout(),
                asked.healthcheck() == null ? image.healthcheck() : asked.healthcheck(),
                asked.networkDisabled(),
                image.onBuild(),
                asked.shell() == null ? image.shell() : asked.shell());
    }

    /** The executable and its arguments; throws {@link ErrorKind#INVALID_ARGUMENT} when there is none. */
    static List<String> commandLine(ContainerConfig merged) {
        List<String> line = new ArrayList<>();
        if (merged.entrypoint() != null) {
            line.addAll(merged.entrypoint());
        }
        if (merged.cmd() != null) {
            line.addAll(merged.cmd());
        }
        if (line.isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "No command specified");
        }
        return List.copyOf(line);
    }

    /** {@code 80} is {@code 80/tcp}. */
    static String withProtocol(String port) {
        return port.contains("/") ? port : port + "/tcp";
    }

    /** The image's variables, replaced in place by the user's, then the user's others. */
    private static List<String> environment(List<String> asked, @Nullable List<String> image) {
        Map<String, String> merged = new LinkedHashMap<>();
        if (image != null) {
            image.forEach(e -> merged.put(name(e), e));
        }
        for (String e : asked) {
            if (e.indexOf('=') < 0) {
                merged.remove(e);
            } else {
                merged.put(name(e), e);
            }
        }
        return List.copyOf(merged.values());
    }

    private static String name(String variable) {
        int equals = variable.indexOf('=');
        return equals < 0 ? variable : variable.substring(0, equals);
    }

    private static Map<String, String> labels(Map<String, String> asked, @Nullable Map<String, String> image) {
        Map<String, String> merged = new LinkedHashMap<>();
        if (image != null) {
            merged.putAll(image);
        }
        merged.putAll(asked);
        return merged;
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
