package dev.forno.oci;

import io.avaje.jsonb.Json;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image configuration (OCI image spec, config.md) with Docker's additions (ArgsEscaped, Healthcheck, OnBuild, Shell).
 * A value for reading and for making new configurations; an image's id is the digest of the original bytes.
 */
@Json
public record ImageConfig(
        @Nullable String created,
        @Nullable String author,
        String architecture,
        String os,
        @Json.Property("os.version") @Nullable String osVersion,
        @Json.Property("os.features") @Nullable List<String> osFeatures,
        @Nullable String variant,
        @Nullable String comment,
        @Nullable Execution config,
        RootFs rootfs,
        @Nullable List<History> history) {

    /** Checks that the required fields are there; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public ImageConfig {
        Documents.require(architecture, "image configuration", "architecture");
        Documents.require(os, "image configuration", "os");
        Documents.require(rootfs, "image configuration", "rootfs");
        Documents.noNulls(history, "image configuration", "history");
    }

    /**
     * Checks what Docker checks of an image that comes from outside: no more steps with layers than layers, and times that are
     * such; throws {@link ErrorKind#INVALID_ARGUMENT}.
     */
    public void requireSound() {
        List<History> steps = history == null ? List.of() : history;
        requireTime(created);
        steps.forEach(step -> requireTime(step.created()));
        if (steps.stream().filter(step -> !step.isEmptyLayer()).count()
                > diffIds().size()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "read image configuration: too many non-empty layers in History section");
        }
    }

    private static void requireTime(@Nullable String time) {
        try {
            if (time != null && !time.isEmpty()) {
                OffsetDateTime.parse(time);
            }
        } catch (DateTimeException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "read image configuration: \"" + time + "\" is not a time as RFC 3339 writes it",
                    e);
        }
    }

    /** The platform that the image is for. */
    public Platform platform() {
        return new Platform(architecture, os, osVersion, osFeatures, variant);
    }

    /** The execution parameters, empty when the document has none. */
    public Execution execution() {
        return config == null ? Execution.EMPTY : config;
    }

    /** The layers' uncompressed digests, lowest first; throws {@link ErrorKind#INVALID_ARGUMENT} on a malformed one. */
    public List<Digest> diffIds() {
        return rootfs.diffIds() == null
                ? List.of()
                : rootfs.diffIds().stream().map(Digest::parse).toList();
    }

    /** The "config" object: how containers of the image are started. */
    @Json
    public record Execution(
            @Json.Property("User") @Nullable String user,
            @Json.Property("ExposedPorts") @Nullable Map<String, Map<String, String>> exposedPorts,
            @Json.Property("Env") @Nullable List<String> env,
            @Json.Property("Entrypoint") @Nullable List<String> entrypoint,
            @Json.Property("Cmd") @Nullable List<String> cmd,
            @Json.Property("Volumes") @Nullable Map<String, Map<String, String>> volumes,
            @Json.Property("WorkingDir") @Nullable String workingDir,
            @Json.Property("Labels") @Nullable Map<String, String> labels,
            @Json.Property("StopSignal") @Nullable String stopSignal,
            @Json.Property("ArgsEscaped") @Nullable Boolean argsEscaped,
            @Json.Property("Healthcheck") @Nullable Healthcheck healthcheck,
            @Json.Property("OnBuild") @Nullable List<String> onBuild,
            @Json.Property("Shell") @Nullable List<String> shell) {

        /** Checks that no list has a null; throws {@link ErrorKind#INVALID_ARGUMENT}. */
        public Execution {
            Documents.noNulls(env, "image configuration", "Env");
            Documents.noNulls(entrypoint, "image configuration", "Entrypoint");
            Documents.noNulls(cmd, "image configuration", "Cmd");
            labels = Documents.texts(labels);
            Documents.noNulls(onBuild, "image configuration", "OnBuild");
            Documents.noNulls(shell, "image configuration", "Shell");
        }

        /** No parameters at all. */
        public static final Execution EMPTY =
                new Execution(null, null, null, null, null, null, null, null, null, null, null, null, null);

        /** The ports, as {@code 80/tcp}. */
        public Set<String> ports() {
            return exposedPorts == null ? Set.of() : exposedPorts.keySet();
        }

        /** The mount points of anonymous volumes. */
        public Set<String> volumePaths() {
            return volumes == null ? Set.of() : volumes.keySet();
        }
    }

    /** Docker's health check: times are in nanoseconds. */
    @Json
    public record Healthcheck(
            @Json.Property("Test") @Nullable List<String> test,
            @Json.Property("Interval") @Nullable Long interval,
            @Json.Property("Timeout") @Nullable Long timeout,
            @Json.Property("StartPeriod") @Nullable Long startPeriod,
            @Json.Property("StartInterval") @Nullable Long startInterval,
            @Json.Property("Retries") @Nullable Integer retries) {

        /** Checks that the test has no null; throws {@link ErrorKind#INVALID_ARGUMENT}. */
        public Healthcheck {
            Documents.noNulls(test, "health check", "Test");
        }
    }

    /** The layers' uncompressed digests. */
    @Json
    public record RootFs(
            String type,
            @Json.Property("diff_ids") @Nullable List<String> diffIds) {

        /** Checks that no digest is null; throws {@link ErrorKind#INVALID_ARGUMENT}. */
        public RootFs {
            Documents.noNulls(diffIds, "image configuration", "diff_ids");
        }
    }

    /** One step of the image's making. */
    @Json
    public record History(
            @Nullable String created,
            @Json.Property("created_by") @Nullable String createdBy,
            @Nullable String author,
            @Nullable String comment,
            @Json.Property("empty_layer") @Nullable Boolean emptyLayer) {

        /** Whether the step added no layer. */
        public boolean isEmptyLayer() {
            return Boolean.TRUE.equals(emptyLayer);
        }
    }
}
