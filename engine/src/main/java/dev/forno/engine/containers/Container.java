package dev.forno.engine.containers;

import dev.forno.oci.Platform;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One container as it was at one moment: an immutable value.
 *
 * @param id 64 hexadecimal digits
 * @param name without leading slash
 * @param imageId digest of the image's configuration ({@code sha256:…})
 * @param config with the image's values merged in
 * @param path the executable, and {@code args} its arguments: what entry point and command make together
 * @param files paths on the host
 * @param storage the snapshotter's name and, for the record, its paths ({@code MergedDir}, {@code UpperDir} …)
 */
@Json
public record Container(
        String id,
        String name,
        Instant created,
        String imageId,
        Platform platform,
        ContainerConfig config,
        HostOptions host,
        String path,
        List<String> args,
        ContainerState state,
        int restartCount,
        List<MountPoint> mounts,
        NetworkSettings network,
        HostFiles files,
        StorageDriver storage,
        List<String> execIds) {

    /** Where the engine keeps what it made for the container; empty texts where there is none. */
    @Json
    public record HostFiles(String resolvConf, String hostname, String hosts, String log) {}

    /** Who holds the root file system. */
    @Json
    public record StorageDriver(String name, Map<String, String> data) {}
}
