package dev.forno.dockerapi.models;

import dev.forno.engine.containers.ContainerConfig;
import dev.forno.engine.containers.ContainerConfig.StdioOptions;
import dev.forno.oci.ImageConfig;
import io.avaje.jsonb.Json;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What runs in a container, portable between machines: in creations, commits and inspections. */
@Json
public record ConfigDocument(
        @Json.Property("Hostname") @Nullable String hostname,
        @Json.Property("Domainname") @Nullable String domainname,
        @Json.Property("User") @Nullable String user,
        @Json.Property("AttachStdin") @Nullable Boolean attachStdin,
        @Json.Property("AttachStdout") @Nullable Boolean attachStdout,
        @Json.Property("AttachStderr") @Nullable Boolean attachStderr,
        @Json.Property("ExposedPorts") @Nullable Map<String, Map<String, String>> exposedPorts,
        @Json.Property("Tty") @Nullable Boolean tty,
        @Json.Property("OpenStdin") @Nullable Boolean openStdin,
        @Json.Property("StdinOnce") @Nullable Boolean stdinOnce,
        @Json.Property("Env") @Nullable Texts env,
        @Json.Property("Cmd") @Nullable Texts cmd,
        @Json.Property("Healthcheck") ImageConfig.@Nullable Healthcheck healthcheck,
        @Json.Property("ArgsEscaped") @Nullable Boolean argsEscaped,
        @Json.Property("Image") @Nullable String image,
        @Json.Property("Volumes") @Nullable Map<String, Map<String, String>> volumes,
        @Json.Property("WorkingDir") @Nullable String workingDir,
        @Json.Property("Entrypoint") @Nullable Texts entrypoint,
        @Json.Property("NetworkDisabled") @Nullable Boolean networkDisabled,
        @Json.Property("MacAddress") @Nullable String macAddress,
        @Json.Property("OnBuild") @Nullable Texts onBuild,
        @Json.Property("Labels") @Nullable Map<String, String> labels,
        @Json.Property("StopSignal") @Nullable String stopSignal,
        @Json.Property("StopTimeout") @Nullable Integer stopTimeout,
        @Json.Property("Shell") @Nullable Texts shell) {

    static ConfigDocument of(ContainerConfig config) {
        StdioOptions stdio = config.stdio();
        return new ConfigDocument(
                config.hostname(),
                config.domainname(),
                config.user(),
                stdio.attachStdin(),
                stdio.attachStdout(),
                stdio.attachStderr(),
                emptyObjects(config.exposedPorts()),
                stdio.tty(),
                stdio.openStdin(),
                stdio.stdinOnce(),
                Texts.nonEmpty(config.env()),
                Texts.of(config.cmd()),
                config.healthcheck(),
                null,
                config.image(),
                emptyObjects(config.volumes()),
                config.workingDir(),
                Texts.of(config.entrypoint()),
                config.networkDisabled() ? true : null,
                null,
                Texts.of(config.onBuild()),
                config.labels(),
                config.stopSignal().isEmpty() ? null : config.stopSignal(),
                config.stopTimeout(),
                config.shell() == null ? null : Texts.of(config.shell()));
    }

    /** The wishes in this document. */
    ContainerConfig toEngine() {
        return new ContainerConfig(
                Or.empty(image),
                Texts.orNull(cmd),
                Texts.orNull(entrypoint),
                Texts.orEmpty(env),
                Or.texts(labels),
                Or.empty(user),
                Or.empty(workingDir),
                Or.empty(hostname),
                Or.empty(domainname),
                new StdioOptions(
                        Or.no(tty),
                        Or.no(openStdin),
                        Or.no(stdinOnce),
                        Or.no(attachStdin),
                        Or.no(attachStdout),
                        Or.no(attachStderr)),
                Or.empty(exposedPorts).keySet(),
                Or.empty(volumes).keySet(),
                Or.empty(stopSignal),
                stopTimeout,
                healthcheck,
                Or.no(networkDisabled),
                Texts.orNull(onBuild),
                Texts.orNull(shell));
    }

    /** The execution parameters for a commit; null when the document says nothing. */
    public ImageConfig.@Nullable Execution toExecution() {
        ImageConfig.Execution execution = new ImageConfig.Execution(
                user == null || user.isEmpty() ? null : user,
                exposedPorts,
                Texts.orNull(env),
                Texts.orNull(entrypoint),
                Texts.orNull(cmd),
                volumes,
                workingDir == null || workingDir.isEmpty() ? null : workingDir,
                labels,
                stopSignal == null || stopSignal.isEmpty() ? null : stopSignal,
                argsEscaped,
                healthcheck,
                Texts.orNull(onBuild),
                Texts.orNull(shell));
        return execution.equals(ImageConfig.Execution.EMPTY) ? null : execution;
    }

    static @Nullable Map<String, Map<String, String>> emptyObjects(Collection<String> keys) {
        if (keys.isEmpty()) {
            return null;
        }
        Map<String, Map<String, String>> result = new TreeMap<>();
        Set.copyOf(keys).forEach(key -> result.put(key, Map.of()));
        return result;
    }
}
