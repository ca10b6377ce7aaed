package dev.forno.engine.builds;

import dev.forno.build.caches.BuildCache;
import dev.forno.build.caches.CacheEntry;
import dev.forno.engine.Trial;
import dev.forno.engine.images.ImageFilter;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.garbage.Roots;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Shows and prunes the build cache. */
final class CacheKeeping {
    private final BuildCache cache;
    private final BuildParts parts;
    private final Supplier<Roots> holder;

    /**
     * Keeps the cache.
     *
     * @param holder what stands for the cache among the roots of garbage collection
     */
    CacheKeeping(BuildCache cache, BuildParts parts, Supplier<Roots> holder) {
        this.cache = cache;
        this.holder = holder;
        this.parts = parts;
    }

    List<CacheRecord> records() {
        Set<Digest> ofImages = layersOfImages(_ -> true);
        return cache.list().stream().map(entry -> record(entry, ofImages)).toList();
    }

    private CacheRecord record(CacheEntry entry, Set<Digest> ofImages) {
        return new CacheRecord(
                id(entry.key()),
                entry.parent(),
                entry.description(),
                entry.size(),
                Instant.parse(entry.createdAt()),
                Instant.parse(entry.lastUsedAt()),
                entry.usageCount(),
                cache.inUse(entry.key()),
                isShared(entry, ofImages));
    }

    private static boolean isShared(CacheEntry entry, Set<Digest> ofImages) {
        return !entry.layers().isEmpty() && ofImages.containsAll(entry.blobs().keySet());
    }

    CachePruneReport prune(CachePruneRequest request) {
        List<String> keys = unused(request, layersOfImages(_ -> true));
        cache.delete(keys);
        long bytes = keys.isEmpty() ? 0 : parts.roots().collect(parts.store()).bytes();
        return new CachePruneReport(keys.stream().map(CacheKeeping::id).toList(), bytes);
    }

    CachePruneReport tryPrune(CachePruneRequest request, Trial trial) {
        List<String> keys = unused(request, layersOfImages(image -> !trial.isImageGone(image)));
        long bytes = 0;
        if (!keys.isEmpty()) {
            trial.reduce(holder, cache.rootsWithout(keys));
            bytes = parts.roots().tryCollect(parts.store(), trial);
        }
        return new CachePruneReport(keys.stream().map(CacheKeeping::id).toList(), bytes);
    }

    /** The keys of what goes, least recently used first, as BuildKit does it. */
    private List<String> unused(CachePruneRequest request, Set<Digest> ofImages) {
        List<CacheEntry> entries = cache.list();
        long total = entries.stream().mapToLong(CacheEntry::size).sum();
        boolean bounded = !request.space().equals(CachePruneRequest.Space.ANY);
        long kept = bounded ? request.space().kept(total, free()) : 0;
        List<String> keys = new ArrayList<>();
        for (CacheEntry entry : entries.reversed()) {
            if (bounded && total <= kept) {
                break;
            }
            if (request.takes(record(entry, ofImages))) {
                keys.add(entry.key());
                total -= entry.size();
            }
        }
        return keys;
    }

    private long free() {
        try {
            return Files.getFileStore(parts.temporary()).getUsableSpace();
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INTERNAL, "look for free space at " + parts.temporary() + ": " + e.getMessage(), e);
        }
    }

    private static String id(String key) {
        return key.substring(key.indexOf(':') + 1);
    }

    private Set<Digest> layersOfImages(Predicate<Digest> there) {
        Set<Digest> layers = new HashSet<>();
        parts.images().images().list(ImageFilter.ALL).stream()
                .filter(image -> there.test(image.id()))
                .forEach(image -> {
                    try {
                        layers.addAll(parts.images()
                                .images()
                                .resolve(image.id().toString())
                                .layers());
                    } catch (FornoException e) {
                        if (e.kind() != ErrorKind.NOT_FOUND) {
                            throw e; // else it was removed meanwhile
                        }
                    }
                });
        return layers;
    }
}
