package dev.forno.dockerapi.models;

import dev.forno.dockerapi.models.DiskDocuments.CachePruned;
import dev.forno.dockerapi.models.DiskDocuments.ContainersPruned;
import dev.forno.dockerapi.models.DiskDocuments.NetworksPruned;
import dev.forno.dockerapi.models.DiskDocuments.VolumesPruned;
import dev.forno.engine.builds.CachePruneReport;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.images.PruneReport;
import dev.forno.engine.system.Housekeeping;
import dev.forno.engine.volumes.Volumes;
import io.avaje.jsonb.Json;
import java.util.List;

/** Documents of what prunes remove, or would remove in a dry run. */
public final class PruneDocuments {
    private PruneDocuments() {}

    /** The answer to {@code POST /system/prune}, which is Forno's own: the single prunes' answers. */
    @Json
    public record SystemPruned(
            @Json.Property("Containers") ContainersPruned containers,
            @Json.Property("Networks") NetworksPruned networks,
            @Json.Property("Volumes") VolumesPruned volumes,
            @Json.Property("Images") ImageDocuments.Pruned images,
            @Json.Property("BuildCache") CachePruned buildCache,
            @Json.Property("PartialDownloadsDeleted") int partials,
            @Json.Property("SpaceReclaimed") long spaceReclaimed) {}

    /** The document of a whole prune. */
    public static SystemPruned of(Housekeeping.Report report) {
        return new SystemPruned(
                of(report.containers()),
                new NetworksPruned(report.networks()),
                of(report.volumes()),
                of(report.images()),
                of(report.cache()),
                report.partials(),
                report.reclaimed());
    }

    /** The document of a prune of containers. */
    public static ContainersPruned of(Containers.Pruned pruned) {
        return new ContainersPruned(pruned.ids(), pruned.reclaimedBytes());
    }

    /** The document of a prune of volumes. */
    public static VolumesPruned of(Volumes.Pruned pruned) {
        return new VolumesPruned(pruned.names(), pruned.reclaimedBytes());
    }

    /** The document of a prune of images. */
    public static ImageDocuments.Pruned of(PruneReport report) {
        List<ImageDocuments.Deletion> deleted =
                report.removed().stream().map(ImageDocuments::deletion).toList();
        return new ImageDocuments.Pruned(deleted.isEmpty() ? null : deleted, report.reclaimed());
    }

    /** The document of a prune of the build cache. */
    public static CachePruned of(CachePruneReport report) {
        return new CachePruned(report.deleted(), report.reclaimedBytes());
    }
}
