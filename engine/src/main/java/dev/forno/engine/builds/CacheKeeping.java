package dev.forno.engine.builds;

import dev.forno.build.caches.BuildCache;
import dev.forno.build.caches.CacheEntry;
import dev.forno.engine.images.ImageFilter;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Shows and prunes the build cache. */
final class CacheKeeping {
    private final BuildCache cache;
    private final BuildParts parts;

    CacheKeeping(BuildCache cache, BuildParts parts) {
        this.cache = cache;
        this.parts = parts;
    }

    List<CacheRecord> records() {
        Set<Digest> ofImages = layersOfImages();
        return cache.list().stream().map(entry -> record(entry, ofImages)).toList();
    }

    private CacheRecord record(CacheEntry entry, Set<Digest> ofImages) {
        return new CacheRecord(
                entry.key().substring(entry.key().indexOf(':') + 1),
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
        Set<Digest> ofImages = layersOfImages();
        List<String> deleted = new ArrayList<>();
        Instant since = request.unusedSince();
        String id = request.id();
        long kept = 0;
        for (CacheEntry entry : cache.list()) {
            String hex = entry.key().substring(entry.key().indexOf(':') + 1);
            boolean chosen = !cache.inUse(entry.key())
                    && (request.all() || !isShared(entry, ofImages))
                    && (since == null || Instant.parse(entry.lastUsedAt()).isBefore(since))
                    && (id == null || hex.startsWith(id));
            if (chosen && request.keepBytes() > 0 && kept + entry.size() <= request.keepBytes()) {
                kept += entry.size();
                chosen = false;
            }
            if (chosen) {
                deleted.add(entry.key());
            }
        }
        cache.delete(deleted);
        long bytes =
                deleted.isEmpty() ? 0 : parts.roots().collect(parts.store()).bytes();
        return new CachePruneReport(
                deleted.stream().map(key -> key.substring(key.indexOf(':') + 1)).toList(), bytes);
    }

    private Set<Digest> layersOfImages() {
        Set<Digest> layers = new HashSet<>();
        parts.images().images().list(ImageFilter.ALL).forEach(image -> {
            try {
                layers.addAll(
                        parts.images().images().resolve(image.id().toString()).layers());
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) {
                    throw e; // else it was removed meanwhile
                }
            }
        });
        return layers;
    }
}
