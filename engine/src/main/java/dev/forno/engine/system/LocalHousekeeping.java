package dev.forno.engine.system;

import dev.forno.engine.Filters;
import dev.forno.engine.Moments;
import dev.forno.engine.Trial;
import dev.forno.engine.builds.Builds;
import dev.forno.engine.builds.CachePruneReport;
import dev.forno.engine.builds.CachePruneRequest;
import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.containers.Containers.ContainerQuery;
import dev.forno.engine.images.ImageFilter;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.images.PruneReport;
import dev.forno.engine.networks.Networks;
import dev.forno.engine.volumes.Volume;
import dev.forno.engine.volumes.Volumes;
import dev.forno.linux.files.TreeUsage;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.Store;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The housekeeping of one state directory.
 *
 * @param state the state directory
 * @param logs where each container has a directory of its own
 * @param builds where builds keep their contexts
 */
public record LocalHousekeeping(
        Path state,
        Path logs,
        Path builds,
        Store store,
        Containers containers,
        Networks networks,
        Volumes volumes,
        ImageServices images,
        Builds cache,
        InstantSource clock)
        implements Housekeeping {
    @Override
    public Account account() {
        DiskAccount account = new DiskAccount(state);
        Map<String, List<Container>> users = new HashMap<>();
        for (Container container : containers.list(ContainerQuery.ALL)) {
            account.container(container, layers(container.id()));
            container.mounts().stream()
                    .filter(mount -> mount.type().equals("volume"))
                    .forEach(mount -> users.computeIfAbsent(mount.name(), _ -> new java.util.ArrayList<>())
                            .add(container));
        }
        images.removal().usage().holdings().forEach(account::image);
        account.cache(cache.holds());
        account.store(store.places());
        account.logs(logs);
        for (Volume volume : volumes.list(Filters.NONE)) {
            Path own = Path.of(volume.mountpoint()).toAbsolutePath().getParent();
            if (own != null) {
                account.volume(volume.name(), own, users.getOrDefault(volume.name(), List.of()));
            }
        }
        account.temporary(builds);
        return account.rest();
    }

    private List<Digest> layers(String container) {
        return store.snapshotter()
                .snapshot(container)
                .map(snapshot -> snapshot.layersIfThere())
                .orElse(List.of());
    }

    @Override
    public Report prune(Request request) {
        Steps steps = new Steps(request);
        Containers.Pruned stopped = containers.prune(request.filters());
        List<String> unjoined = networks.prune(request.filters());
        Volumes.Pruned unmounted =
                request.volumes() ? volumes.prune(request.filters()) : new Volumes.Pruned(List.of(), 0);
        PruneReport unused = images.removal().prune(steps.images);
        CachePruneReport steppedOver = cache.prune(steps.cache);
        TreeUsage partials = new TreeUsage();
        List<Remains> detached = steps.partials ? store.content().detachPartial(Instant.MAX) : List.of();
        for (Remains remains : detached) {
            measure(partials, remains.path());
            remains.discard();
        }
        return report(stopped, unjoined, unmounted, unused, steppedOver, detached.size(), partials.freed());
    }

    @Override
    public Report tryPrune(Request request) {
        Steps steps = new Steps(request);
        Trial trial = new Trial();
        Containers.Pruned stopped = containers.tryPrune(request.filters(), trial);
        List<String> unjoined = networks.tryPrune(request.filters(), trial);
        Volumes.Pruned unmounted =
                request.volumes() ? volumes.tryPrune(request.filters(), trial) : new Volumes.Pruned(List.of(), 0);
        PruneReport unused = images.removal().tryPrune(steps.images, trial);
        CachePruneReport steppedOver = cache.tryPrune(steps.cache, trial);
        TreeUsage partials = new TreeUsage();
        Instant collected = clock.instant().minus(ContentStore.RESUMABLE_FOR); // with the images' garbage
        List<Place> left = steps.partials
                ? store.content().places().stream()
                        .filter(place -> place.kind() == Place.Kind.PARTIAL
                                && store.content().isStale(place, Instant.MAX)
                                && !store.content().isStale(place, collected))
                        .toList()
                : List.of();
        left.forEach(place -> measure(partials, place.path()));
        return report(stopped, unjoined, unmounted, unused, steppedOver, left.size(), partials.freed());
    }

    /** What is asked of the single prunes. */
    private final class Steps {
        private final ImageFilter images;
        private final CachePruneRequest cache;
        private final boolean partials;

        Steps(Request request) {
            Filters filters = request.filters();
            if (request.volumes() && filters.has("until")) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "The \"until\" filter is not supported with \"--volumes\"");
            }
            Instant now = clock.instant();
            Moments.until(filters, now); // refused before anything is removed
            Map<String, List<String>> values = new LinkedHashMap<>(filters.values());
            values.put("dangling", List.of(Boolean.toString(!request.all())));
            images = ImageFilter.forPrune(new Filters(values), now);
            cache = CachePruneRequest.of(request.all(), filters, CachePruneRequest.Space.ANY, now);
            partials = request.all() && filters.values().isEmpty();
        }
    }

    private static Report report(
            Containers.Pruned containers,
            List<String> networks,
            Volumes.Pruned volumes,
            PruneReport images,
            CachePruneReport cache,
            int partials,
            long partialBytes) {
        long all = containers.reclaimedBytes()
                + volumes.reclaimedBytes()
                + images.reclaimed()
                + cache.reclaimedBytes()
                + partialBytes;
        return new Report(containers, networks, volumes, images, cache, partials, all);
    }

    private static void measure(TreeUsage usage, Path path) {
        try {
            usage.add(path);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "measure " + path + ": " + e.getMessage(), e);
        }
    }
}
