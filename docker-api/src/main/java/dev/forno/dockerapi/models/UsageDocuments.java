package dev.forno.dockerapi.models;

import dev.forno.dockerapi.models.DiskDocuments.CacheDocument;
import dev.forno.dockerapi.models.DiskDocuments.VolumeDocument;
import dev.forno.engine.builds.CacheRecord;
import dev.forno.engine.images.ImagesUsage;
import dev.forno.engine.system.Housekeeping.Account;
import dev.forno.engine.system.SystemService.ContainerUsage;
import dev.forno.engine.volumes.Volumes;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Documents of {@code GET /system/df}. */
public final class UsageDocuments {
    private UsageDocuments() {}

    /**
     * What everything holds; kinds that were not asked for are null. The lists are those of API versions up to 1.51, the
     * usages those of 1.52, which may stand beside them; the storage is Forno's own.
     */
    @Json
    public record DiskUsage(
            @Json.Property("LayersSize") long layersSize,
            @Json.Property("Images") @Nullable List<ImageDocuments.Summary> images,
            @Json.Property("Containers") @Nullable List<ContainerSummary> containers,
            @Json.Property("Volumes") @Nullable List<VolumeDocument> volumes,
            @Json.Property("BuildCache") @Nullable List<CacheDocument> buildCache,
            @Json.Property("BuilderSize") @Nullable Long builderSize,
            @Json.Property("ImageUsage") @Nullable ImageUsage imageUsage,
            @Json.Property("ContainerUsage") @Nullable ContainersUsage containerUsage,
            @Json.Property("VolumeUsage") @Nullable VolumesUsage volumeUsage,
            @Json.Property("BuildCacheUsage") @Nullable CacheUsage buildCacheUsage,
            @Json.Property("Storage") @Nullable Storage storage) {}

    /** Images together. */
    @Json
    public record ImageUsage(
            @Json.Property("ActiveCount") long active,
            @Json.Property("TotalCount") long total,
            @Json.Property("Reclaimable") long reclaimable,
            @Json.Property("TotalSize") long size,
            @Json.Property("Items") @Nullable List<ImageDocuments.Summary> items) {}

    /** Containers together. */
    @Json
    public record ContainersUsage(
            @Json.Property("ActiveCount") long active,
            @Json.Property("TotalCount") long total,
            @Json.Property("Reclaimable") long reclaimable,
            @Json.Property("TotalSize") long size,
            @Json.Property("Items") @Nullable List<ContainerSummary> items) {}

    /** Volumes together. */
    @Json
    public record VolumesUsage(
            @Json.Property("ActiveCount") long active,
            @Json.Property("TotalCount") long total,
            @Json.Property("Reclaimable") long reclaimable,
            @Json.Property("TotalSize") long size,
            @Json.Property("Items") @Nullable List<VolumeDocument> items) {}

    /** The build cache. */
    @Json
    public record CacheUsage(
            @Json.Property("ActiveCount") long active,
            @Json.Property("TotalCount") long total,
            @Json.Property("Reclaimable") long reclaimable,
            @Json.Property("TotalSize") long size,
            @Json.Property("Items") @Nullable List<CacheDocument> items) {}

    /** Every byte below the state directory. */
    @Json
    public record Storage(
            @Json.Property("TotalSize") long size,
            @Json.Property("Items") List<StorageItem> items) {}

    /** One thing on the disk. */
    @Json
    public record StorageItem(
            @Json.Property("Kind") String kind,
            @Json.Property("Name") String name,
            @Json.Property("Holders") List<String> holders,
            @Json.Property("Size") long size,
            @Json.Property("Reclaimable") boolean reclaimable) {}

    /**
     * Makes the document of its parts.
     *
     * @param verbose whether the usages have items
     * @param virtualSizes whether images have a virtual size, as before API 1.44
     * @param builderSize whether there is a size of the builder, as before API 1.42
     */
    public record Parts(boolean verbose, boolean virtualSizes, boolean builderSize) {
        /** The document; what is null was not asked for. */
        public DiskUsage of(
                @Nullable ImagesUsage images,
                @Nullable List<ContainerUsage> containers,
                @Nullable List<Volumes.Usage> volumes,
                @Nullable List<CacheRecord> cache,
                @Nullable Account account,
                Instant now) {
            List<ImageDocuments.Summary> imageList = images == null
                    ? null
                    : images.images().stream()
                            .map(each -> ImageDocuments.summary(each, true, virtualSizes))
                            .toList();
            List<ContainerSummary> containerList = containers == null
                    ? null
                    : containers.stream()
                            .map(each ->
                                    ContainerSummary.of(each.container(), now).withSizes(each.writable(), each.total()))
                            .toList();
            List<VolumeDocument> volumeList = volumes == null
                    ? null
                    : volumes.stream().map(DiskDocuments::volume).toList();
            List<CacheDocument> cacheList = cache == null
                    ? null
                    : cache.stream().map(DiskDocuments::cache).toList();
            return new DiskUsage(
                    images == null ? 0 : images.layersSize(),
                    imageList,
                    containerList,
                    volumeList,
                    cacheList,
                    builderSize ? 0L : null,
                    images == null ? null : usage(images, verbose ? imageList : null),
                    containers == null ? null : containers(containers, verbose ? containerList : null),
                    volumes == null ? null : volumes(volumes, verbose ? volumeList : null),
                    cache == null ? null : cache(cache, verbose ? cacheList : null),
                    account == null ? null : storage(account));
        }
    }

    private static ImageUsage usage(ImagesUsage images, @Nullable List<ImageDocuments.Summary> items) {
        long active =
                images.images().stream().filter(image -> image.containers() > 0).count();
        return new ImageUsage(active, images.images().size(), images.reclaimable(), images.layersSize(), items);
    }

    private static ContainersUsage containers(List<ContainerUsage> containers, @Nullable List<ContainerSummary> items) {
        List<ContainerUsage> running = containers.stream()
                .filter(each -> each.container().state().status().hasTask())
                .toList();
        long size = containers.stream().mapToLong(ContainerUsage::writable).sum();
        long needed = running.stream().mapToLong(ContainerUsage::writable).sum();
        return new ContainersUsage(running.size(), containers.size(), size - needed, size, items);
    }

    private static VolumesUsage volumes(List<Volumes.Usage> volumes, @Nullable List<VolumeDocument> items) {
        List<Volumes.Usage> used =
                volumes.stream().filter(each -> each.references() > 0).toList();
        long size = volumes.stream().mapToLong(Volumes.Usage::bytes).sum();
        long needed = used.stream().mapToLong(Volumes.Usage::bytes).sum();
        return new VolumesUsage(used.size(), volumes.size(), size - needed, size, items);
    }

    /** Records whose layers an image has too hold nothing of their own. */
    private static CacheUsage cache(List<CacheRecord> cache, @Nullable List<CacheDocument> items) {
        List<CacheRecord> used = cache.stream().filter(CacheRecord::inUse).toList();
        List<CacheRecord> own = cache.stream().filter(each -> !each.shared()).toList();
        long size = own.stream().mapToLong(CacheRecord::size).sum();
        long needed = own.stream()
                .filter(CacheRecord::inUse)
                .mapToLong(CacheRecord::size)
                .sum();
        return new CacheUsage(used.size(), cache.size(), size - needed, size, items);
    }

    private static Storage storage(Account account) {
        return new Storage(
                account.total(),
                account.items().stream()
                        .map(item -> new StorageItem(
                                item.kind().name().toLowerCase(Locale.ROOT),
                                item.name(),
                                item.holders(),
                                item.bytes(),
                                item.reclaimable()))
                        .toList());
    }
}
