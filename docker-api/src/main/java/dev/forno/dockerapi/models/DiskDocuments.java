package dev.forno.dockerapi.models;

import dev.forno.engine.builds.CacheRecord;
import dev.forno.engine.volumes.Volume;
import dev.forno.engine.volumes.Volumes;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents about volumes, the build cache, and prunes. */
public final class DiskDocuments {
    private DiskDocuments() {}

    /** One volume. */
    @Json
    public record VolumeDocument(
            @Json.Property("CreatedAt") String createdAt,
            @Json.Property("Driver") String driver,
            @Json.Property("Labels") Map<String, String> labels,
            @Json.Property("Mountpoint") String mountpoint,
            @Json.Property("Name") String name,
            @Json.Property("Options") Map<String, String> options,
            @Json.Property("Scope") String scope,
            @Json.Property("UsageData") @Nullable UsageData usageData) {}

    /** What a volume holds and how many containers refer to it. */
    @Json
    public record UsageData(
            @Json.Property("RefCount") int refCount,
            @Json.Property("Size") long size) {}

    /** The document of {@code volume}. */
    public static VolumeDocument volume(Volume volume) {
        return volume(volume, null);
    }

    /** The document of a volume with its usage. */
    public static VolumeDocument volume(Volumes.Usage usage) {
        return volume(usage.volume(), new UsageData(usage.references(), usage.bytes()));
    }

    private static VolumeDocument volume(Volume volume, @Nullable UsageData usage) {
        return new VolumeDocument(
                GoTimes.rfc3339(volume.created()),
                volume.driver(),
                volume.labels(),
                volume.mountpoint(),
                volume.name(),
                volume.options(),
                "local",
                usage);
    }

    /** A list of volumes. */
    @Json
    public record VolumeList(
            @Json.Property("Volumes") List<VolumeDocument> volumes,
            @Json.Property("Warnings") Texts warnings) {}

    /** The body of a volume's creation. */
    @Json
    public record VolumeCreation(
            @Json.Property("Name") @Nullable String name,
            @Json.Property("Driver") @Nullable String driver,
            @Json.Property("DriverOpts") @Nullable Map<String, String> driverOpts,
            @Json.Property("Labels") @Nullable Map<String, String> labels,
            @Json.Property("ClusterVolumeSpec") @Nullable Map<String, Object> clusterVolumeSpec) {
        /** A volume with a generated name. */
        public static final VolumeCreation EMPTY = new VolumeCreation(null, null, null, null, null);

        /** The wishes in this document. */
        public Volumes.VolumeRequest toEngine() {
            return new Volumes.VolumeRequest(Or.empty(name), Or.empty(driver), Or.texts(driverOpts), Or.texts(labels));
        }
    }

    /** The answer to a prune of volumes. */
    @Json
    public record VolumesPruned(
            @Json.Property("VolumesDeleted") List<String> volumesDeleted,
            @Json.Property("SpaceReclaimed") long spaceReclaimed) {}

    /** The answer to a prune of containers. */
    @Json
    public record ContainersPruned(
            @Json.Property("ContainersDeleted") List<String> containersDeleted,
            @Json.Property("SpaceReclaimed") long spaceReclaimed) {}

    /** The answer to a prune of networks. */
    @Json
    public record NetworksPruned(
            @Json.Property("NetworksDeleted") List<String> networksDeleted) {}

    /** The answer to a prune of the build cache. */
    @Json
    public record CachePruned(
            @Json.Property("CachesDeleted") List<String> cachesDeleted,
            @Json.Property("SpaceReclaimed") long spaceReclaimed) {}

    /** One record of the build cache. */
    @Json
    public record CacheDocument(
            @Json.Property("ID") String id,
            @Json.Property("Parents") @Nullable List<String> parents,
            @Json.Property("Type") String type,
            @Json.Property("Description") String description,
            @Json.Property("InUse") boolean inUse,
            @Json.Property("Shared") boolean shared,
            @Json.Property("Size") long size,
            @Json.Property("CreatedAt") String createdAt,
            @Json.Property("LastUsedAt") String lastUsedAt,
            @Json.Property("UsageCount") long usageCount) {}

    /** The document of one record. */
    public static CacheDocument cache(CacheRecord cached) {
        return new CacheDocument(
                cached.id(),
                cached.parent().isEmpty() ? null : List.of(cached.parent()),
                "regular",
                cached.description(),
                cached.inUse(),
                cached.shared(),
                cached.size(),
                GoTimes.rfc3339(cached.createdAt()),
                GoTimes.rfc3339(cached.lastUsedAt()),
                cached.usageCount());
    }
}
