package dev.forno.dockerapi.models;

import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerState;
import io.avaje.jsonb.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One container in a list. */
@Json
public record ContainerSummary(
        @Json.Property("Id") String id,
        @Json.Property("Names") List<String> names,
        @Json.Property("Image") String image,
        @Json.Property("ImageID") String imageId,
        @Json.Property("Command") String command,
        @Json.Property("Created") long created,
        @Json.Property("Ports") List<Port> ports,
        @Json.Property("SizeRw") @Nullable Long sizeRw,
        @Json.Property("SizeRootFs") @Nullable Long sizeRootFs,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("State") String state,
        @Json.Property("Status") String status,
        @Json.Property("HostConfig") HostSummary hostConfig,
        @Json.Property("NetworkSettings") Networks networkSettings,
        @Json.Property("Mounts") List<MountDocument> mounts) {

    /** One port; without public port when it is only exposed. */
    @Json
    public record Port(
            @Json.Property("IP") @Nullable String ip,
            @Json.Property("PrivatePort") int privatePort,
            @Json.Property("PublicPort") @Nullable Integer publicPort,
            @Json.Property("Type") String type) {}

    /** What a list tells of the host's settings. */
    @Json
    public record HostSummary(
            @Json.Property("NetworkMode") String networkMode,
            @Json.Property("Annotations") @Nullable Map<String, String> annotations) {}

    /** The networks by name. */
    @Json
    public record Networks(@Json.Property("Networks") Map<String, EndpointDocument> networks) {}

    /** The summary of {@code container} at the moment {@code now}; without sizes. */
    public static ContainerSummary of(Container container, Instant now) {
        return new ContainerSummary(
                container.id(),
                List.of("/" + container.name()),
                container.config().image(),
                container.imageId(),
                command(container),
                container.created().getEpochSecond(),
                ports(container),
                null,
                null,
                container.config().labels(),
                container.state().status().word(),
                status(container.state(), now),
                new HostSummary(
                        ContainerDocument.networkMode(container),
                        container.host().annotations().isEmpty()
                                ? null
                                : container.host().annotations()),
                new Networks(EndpointDocument.of(container.network().networks())),
                container.mounts().stream().map(MountDocument::of).toList());
    }

    /** This summary with the bytes of the container's own layer and of all layers. */
    public ContainerSummary withSizes(long writable, long total) {
        return new ContainerSummary(
                id,
                names,
                image,
                imageId,
                command,
                created,
                ports,
                writable,
                total,
                labels,
                state,
                status,
                hostConfig,
                networkSettings,
                mounts);
    }

    private static String command(Container container) {
        StringBuilder command = new StringBuilder(container.path());
        for (String argument : container.args()) {
            command.append(' ').append(argument.contains(" ") ? "'" + argument + "'" : argument);
        }
        return command.toString();
    }

    private static List<Port> ports(Container container) {
        List<Port> result = new ArrayList<>();
        container.network().ports().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> {
                    String[] parts = entry.getKey().split("/", 2);
                    int privatePort = Integer.parseInt(parts[0]);
                    String type = parts.length > 1 ? parts[1] : "tcp";
                    if (entry.getValue().isEmpty()) {
                        result.add(new Port(null, privatePort, null, type));
                    }
                    entry.getValue()
                            .forEach(binding -> result.add(new Port(
                                    binding.hostIp(), privatePort, Integer.valueOf(binding.hostPort()), type)));
                });
        return result;
    }

    static String status(ContainerState state, Instant now) {
        return switch (state.status()) {
            case CREATED -> "Created";
            case RUNNING -> "Up " + since(state.startedAt(), now);
            case PAUSED -> "Up " + since(state.startedAt(), now) + " (Paused)";
            case EXITED -> "Exited (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
            case REMOVING -> "Removal In Progress";
            case DEAD -> "Dead";
        };
    }

    private static String since(@Nullable Instant start, Instant now) {
        return GoTimes.words(Duration.between(Objects.requireNonNullElse(start, now), now));
    }
}
