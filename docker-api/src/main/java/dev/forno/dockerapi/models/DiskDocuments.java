package dev.forno.dockerapi.models;

import dev.forno.engine.builds.CacheRecord;
import dev.forno.engine.volumes.Volume;
import dev.forno.engine.volumes.Volumes;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents about volumes, the build cache, and what everything holds on disk. */
public final class DiskDocuments {
    private DiskDocuments() {}

    /** One volume. */
    @Json(naming = Json.Naming.UpperCamel)
    public record VolumeDocument(
            String createdAt,
            String driver,
            Map<String, String> labels,
            String mountpoint,
            String name,
            Map<String, String> options,
            String scope,
            @Nullable UsageData usageData) {}

    /** What a volume holds and how many containers refer to it. */
    @Json(naming = Json.Naming.UpperCamel)
    public record UsageData(int refCount, long size) {}

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
    @Json(naming = Json.Naming.UpperCamel)
    public record VolumeList(List<VolumeDocument> volumes, Texts warnings) {}

    /** The body of a volume's creation. */
    @Json(naming = Json.Naming.UpperCamel)
    public record VolumeCreation(
            @Nullable String name,
            @Nullable String driver,
            @Nullable Map<String, String> driverOpts,
            @Nullable Map<String, String> labels,
            @Nullable Map<String, Object> clusterVolumeSpec) {
        /** A volume with a generated name. */
        public static final VolumeCreation EMPTY = new VolumeCreation(null, null, null, null, null);

        /** The wishes in this document. */
        public Volumes.VolumeRequest toEngine() {
            return new Volumes.VolumeRequest(Or.empty(name), Or.empty(driver), Or.empty(driverOpts), Or.empty(labels));
        }
    }

    /** The answer to a prune of volumes. */
    @Json(naming = Json.Naming.UpperCamel)
    public record VolumesPruned(List<String> volumesDeleted, long spaceReclaimed) {}

    /** The answer to a prune of containers. */
    @Json(naming = Json.Naming.UpperCamel)
    public record ContainersPruned(List<String> containersDeleted, long spaceReclaimed) {}

    /** The answer to a prune of networks. */
    @Json(naming = Json.Naming.UpperCamel)
    public record NetworksPruned(List<String> networksDeleted) {}

    /** The answer to a prune of the build cache. */
    @Json(naming = Json.Naming.UpperCamel)
    public record CachePruned(List<String> cachesDeleted, long spaceReclaimed) {}

    /** One record of the build cache. */
    @Json(naming = Json.Naming.UpperCamel)
    public record CacheDocument(
            @Json.Property("ID") String id,
            @Nullable List<String> parents,
            String type,
            String description,
            boolean inUse,
            boolean shared,
            long size,
            String createdAt,
            String lastUsedAt,
            long usageCount) {}

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

    /** What everything holds; kinds that were not asked for are null. */
    @Json(naming = Json.Naming.UpperCamel)
    public record DiskUsage(
            long layersSize,
            @Nullable List<ImageDocuments.Summary> images,
            @Nullable List<ContainerSummary> containers,
            @Nullable List<VolumeDocument> volumes,
            @Nullable List<CacheDocument> buildCache,
            @Nullable Long builderSize) {}
}
