package dev.forno.engine.images;

import dev.forno.engine.Trial;
import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Removes names and images. What goes is worked out on a copy of the catalog by {@link RemovalPlan}, in the transaction that
 * then makes it so, or in none for a trial: both come to the same result.
 */
final class CatalogRemoval implements ImageRemoval {
    private final Catalog catalog;
    private final ImageNames names;
    private final ImageList list;
    private final Store store;
    private final GarbageRoots roots;
    private final Supplier<dev.forno.store.garbage.Roots> holder;
    private final UnfinishedPulls unfinished;
    private final ImageUsers users;
    private final EventSource events;

    /**
     * Removes from this catalog.
     *
     * @param holder what stands for the catalog among {@code roots}
     * @param unfinished stands for itself there
     */
    CatalogRemoval(
            Catalog catalog,
            ImageNames names,
            ImageList list,
            Store store,
            GarbageRoots roots,
            Supplier<dev.forno.store.garbage.Roots> holder,
            UnfinishedPulls unfinished,
            ImageUsers users,
            EventSource events) {
        this.catalog = catalog;
        this.names = names;
        this.list = list;
        this.store = store;
        this.roots = roots;
        this.holder = holder;
        this.unfinished = unfinished;
        this.users = users;
        this.events = events;
    }

    @Override
    public PruneReport remove(String name, boolean force, boolean prune) {
        Digest id = names.resolve(name);
        List<ImageUsers.Use> uses = users.uses();
        RemovalPlan plan = catalog.reduce(left -> {
            RemovalPlan work = new RemovalPlan(left, uses, events);
            work.remove(id, name, force, prune);
            return work;
        });
        plan.publish();
        boolean deleted = plan.removed().stream().anyMatch(Removed.Deleted.class::isInstance);
        return new PruneReport(plan.removed(), deleted ? roots.collect(store).bytes() : 0);
    }

    @Override
    public PruneReport removePlatform(String name, Platform platform, boolean force) {
        Digest id = names.resolve(name, platform);
        if (ImageNames.quotesId(name, id)) {
            return remove(name, force, true);
        }
        Reference reference = Reference.parse(name).withDefaultTag();
        List<ImageUsers.Use> uses = users.uses();
        RemovalPlan plan = catalog.reduce(left -> {
            RemovalPlan work = new RemovalPlan(left, uses, events);
            work.removePlatform(id, reference, force);
            return work;
        });
        plan.publish();
        return new PruneReport(plan.removed(), roots.collect(store).bytes());
    }

    @Override
    public PruneReport tryRemovePlatform(String name, Platform platform, boolean force, Trial trial) {
        Digest id = names.resolve(name, platform);
        if (ImageNames.quotesId(name, id)) {
            return tryRemove(name, force, true, trial);
        }
        Reference reference = Reference.parse(name).withDefaultTag();
        Catalog.Snapshot left = trial.state(this, catalog::snapshot).copy();
        RemovalPlan plan = new RemovalPlan(left, uses(trial), events);
        plan.removePlatform(id, reference, force);
        count(left, plan, trial);
        return new PruneReport(plan.removed(), roots.tryCollect(store, trial));
    }

    @Override
    public PruneReport tryRemove(String name, boolean force, boolean prune, Trial trial) {
        Digest id = names.resolve(name);
        Catalog.Snapshot left = trial.state(this, catalog::snapshot).copy();
        if (!left.images().containsKey(id)) {
            throw ImageNames.notFound(name);
        }
        RemovalPlan plan = new RemovalPlan(left, uses(trial), events);
        plan.remove(id, name, force, prune);
        boolean deleted = plan.removed().stream().anyMatch(Removed.Deleted.class::isInstance);
        count(left, plan, trial);
        return new PruneReport(plan.removed(), deleted ? roots.tryCollect(store, trial) : 0);
    }

    @Override
    public PruneReport prune(ImageFilter filter) {
        List<ImageUsers.Use> uses = users.uses();
        RemovalPlan plan = catalog.reduce(left -> prune(filter, left, uses));
        plan.publish();
        if (filter.takesAll()) {
            unfinished.endIdle();
        }
        long reclaimed = roots.collect(store).bytes();
        events.pruned(reclaimed);
        return new PruneReport(plan.removed(), reclaimed);
    }

    @Override
    public PruneReport tryPrune(ImageFilter filter, Trial trial) {
        Catalog.Snapshot left = trial.state(this, catalog::snapshot).copy();
        RemovalPlan plan = prune(filter, left, uses(trial));
        count(left, plan, trial);
        if (filter.takesAll()) {
            trial.reduce(unfinished, unfinished.ofRunning());
        }
        return new PruneReport(plan.removed(), roots.tryCollect(store, trial));
    }

    private List<ImageUsers.Use> uses(Trial trial) {
        return users.uses().stream()
                .filter(use -> !trial.isContainerGone(use.containerId()))
                .toList();
    }

    /** Counts what was planned as done. */
    private void count(Catalog.Snapshot left, RemovalPlan plan, Trial trial) {
        plan.removed().forEach(effect -> {
            if (effect instanceof Removed.Deleted(Digest id)) {
                trial.removeImage(id);
            }
        });
        trial.setState(this, left);
        trial.reduce(holder, left.roots());
    }

    private RemovalPlan prune(ImageFilter filter, Catalog.Snapshot left, List<ImageUsers.Use> uses) {
        boolean danglingOnly = filter.dangling() == null || filter.dangling();
        Selection selection = new Selection(filter, List.of(), List.of());
        Set<Digest> used = new HashSet<>();
        uses.forEach(use -> used.add(use.image()));
        RemovalPlan plan = new RemovalPlan(left, uses, events);
        for (ImageRecord image : List.copyOf(left.images().values())) {
            Digest id = image.digest();
            boolean taken = left.images().containsKey(id)
                    && !used.contains(id)
                    && !(danglingOnly && (plan.isTagged(id) || plan.hasChildren(id)))
                    && selection.takesLabels(catalog.config(id))
                    && selection.takesTime(catalog.config(id));
            if (taken) {
                plan.prune(id);
            }
        }
        return plan;
    }

    @Override
    public ImagesUsage usage() {
        List<ImageSummary> images = list.list(ImageFilter.ALL);
        Set<Digest> used = new HashSet<>();
        users.uses().forEach(use -> used.add(use.image()));
        List<ImageHolding> holdings = catalog.snapshot().holdings();
        long size = list.layersSize(holdings);
        long needed = list.layersSize(
                holdings.stream().filter(h -> used.contains(h.id())).toList());
        return new ImagesUsage(size, size - needed, images, holdings);
    }
}
