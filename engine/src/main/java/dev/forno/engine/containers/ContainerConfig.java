package dev.forno.engine.containers;

import dev.forno.oci.ImageConfig;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a container, portable between machines. In a request it holds what the user asked; in a {@link Container}
 * the image's values have been merged in.
 *
 * @param image what the user named: a reference, or an image id or its prefix
 * @param cmd the command, or null for the image's
 * @param entrypoint the entry point, null for the image's, or one empty string for none
 * @param env {@code NAME=value}; in a request a bare {@code NAME} removes the image's variable
 * @param exposedPorts as {@code 80/tcp}
 * @param volumes mount points of anonymous volumes
 * @param stopSignal name or number, empty for the image's
 * @param stopTimeout seconds between the stop signal and SIGKILL, null for the engine's default of 10, negative for no limit
 * @param healthcheck recorded; only its absence or {@code NONE} is accepted for now
 */
@Json
public record ContainerConfig(
        String image,
        @Nullable List<String> cmd,
        @Nullable List<String> entrypoint,
        List<String> env,
        Map<String, String> labels,
        String user,
        String workingDir,
        String hostname,
        String domainname,
        StdioOptions stdio,
        Set<String> exposedPorts,
        Set<String> volumes,
        String stopSignal,
        @Nullable Integer stopTimeout,
        ImageConfig.@Nullable Healthcheck healthcheck,
        boolean networkDisabled,
        @Nullable List<String> onBuild,
        @Nullable List<String> shell) {

    /**
     * The standard streams.
     *
     * @param tty one terminal instead of three pipes
     * @param openStdin keep standard input open
     * @param stdinOnce close standard input when the first attached client half-closes or leaves
     * @param attachStdin recorded, as are the other two: what the creating client is going to attach
     */
    @Json
    public record StdioOptions(
            boolean tty,
            boolean openStdin,
            boolean stdinOnce,
            boolean attachStdin,
            boolean attachStdout,
            boolean attachStderr) {
        /** Output attached, no input, no terminal. */
        public static final StdioOptions OUTPUT = new StdioOptions(false, false, false, false, true, true);
    }

    /** A request for {@code image} with {@code cmd} and nothing else. */
    public static ContainerConfig of(String image, String... cmd) {
        return new ContainerConfig(
                image,
                cmd.length == 0 ? null : List.of(cmd),
                null,
                List.of(),
                Map.of(),
                "",
                "",
                "",
                "",
                StdioOptions.OUTPUT,
                Set.of(),
                Set.of(),
                "",
                null,
                null,
                false,
                null,
                null);
    }
}
