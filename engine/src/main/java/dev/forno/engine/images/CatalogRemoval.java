package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Removes names and images by Docker's rules. One removal at a time, so that two can't disagree about the last name. */
final class CatalogRemoval implements ImageRemoval {
    private final Catalog catalog;
    private final ImageNames names;
    private final ImageList list;
    private final Store store;
    private final GarbageRoots roots;
    private final ImageUsers users;
    private final EventSource events;
    private final ReentrantLock lock = new ReentrantLock();

    CatalogRemoval(
            Catalog catalog,
            ImageNames names,
            ImageList list,
            Store store,
            GarbageRoots roots,
            ImageUsers users,
            EventSource events) {
        this.catalog = catalog;
        this.names = names;
        this.list = list;
        this.store = store;
        this.roots = roots;
        this.users = users;
        this.events = events;
    }

    @Override
    public List<Removed> remove(String name, boolean force, boolean prune) {
        lock.lock();
        try {
            List<Removed> removed = new ArrayList<>();
            removeOne(name, force, prune, removed);
            if (removed.stream().anyMatch(Removed.Deleted.class::isInstance)) {
                roots.collect(store);
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public PruneReport prune(ImageFilter filter) {
        boolean danglingOnly = filter.dangling() == null || filter.dangling();
        Selection selection = new Selection(filter, List.of(), List.of());
        lock.lock();
        try {
            Set<Digest> used = new HashSet<>();
            users.uses().forEach(use -> used.add(use.image()));
            Catalog.Snapshot before = catalog.snapshot();
            List<Removed> removed = new ArrayList<>();
            for (ImageRecord image : before.images().values()) {
                Digest id = image.digest();
                List<Reference> own = before.namesOf(id);
                boolean named = own.stream().anyMatch(name -> name.digest() == null);
                boolean taken = !used.contains(id)
                        && !(danglingOnly && (named || before.hasChildren(id)))
                        && selection.takesLabels(catalog.config(id))
                        && selection.takesTime(
                                ImageList.created(catalog.config(id).created()));
                if (taken) {
                    pruneOne(id, own, removed);
                }
            }
            long reclaimed = roots.collect(store).bytes();
            events.pruned(reclaimed);
            return new PruneReport(removed, reclaimed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ImagesUsage usage() {
        return new ImagesUsage(list.layersSize(), list.list(ImageFilter.ALL));
    }

    private void pruneOne(Digest id, List<Reference> own, List<Removed> removed) {
        try {
            if (own.isEmpty()) {
                removeOne(id.hex(), false, true, removed);
                return;
            }
            for (Reference name : own) {
                // Removing a tag may have taken the repository's digests along.
                if (catalog.name(name).isPresent()) {
                    removeOne(name.familiar(), false, true, removed);
                }
            }
        } catch (FornoException e) {
            // It came into use meanwhile; a prune takes what it can get.
            return;
        }
    }

    private void removeOne(String text, boolean force, boolean prune, List<Removed> removed) {
        Digest id = names.resolve(text);
        Catalog.Snapshot all = catalog.snapshot();
        List<Reference> own = all.namesOf(id);
        RemovalConflicts conflicts = new RemovalConflicts(users.uses(), id);
        if (ImageNames.quotesId(text, id)) {
            if (isSingle(own)) {
                conflicts.checkUse(all.hasChildren(id), force);
                own.forEach(name -> untag(id, name, removed));
            }
            delete(id, force, prune, false, removed);
            return;
        }
        if (!force && isSingle(own)) {
            conflicts.checkUntag(text);
        }
        Reference name = Reference.parse(text).withDefaultTag();
        untag(id, name.digest() == null ? name : name.withDigest(name.digest()), removed);
        List<Reference> left = new ArrayList<>(catalog.snapshot().namesOf(id));
        boolean tagsLeft = left.stream()
                .anyMatch(other -> other.digest() == null && other.name().equals(name.name()));
        if (name.digest() == null && !tagsLeft) {
            List<Reference> digests = left.stream()
                    .filter(other -> other.name().equals(name.name()))
                    .toList();
            // Docker tells of no event for these: they go with the tag.
            catalog.removeNames(digests);
            digests.forEach(digest -> removed.add(new Removed.Untagged(digest.familiar())));
            left.removeAll(digests);
        }
        if (left.isEmpty()) {
            delete(id, force, prune, true, removed);
        }
    }

    /** Whether at most one tag, and names of one repository only, point to an image. */
    private static boolean isSingle(List<Reference> own) {
        return own.size() <= 1
                || (own.stream().filter(name -> name.digest() == null).count() <= 1
                        && own.stream().map(Reference::name).distinct().count() == 1);
    }

    private void untag(Digest id, Reference name, List<Removed> removed) {
        catalog.removeNames(List.of(name));
        removed.add(new Removed.Untagged(name.familiar()));
        events.ofImage("untag", id);
    }

    /** Deletes an image unless something stands against it; {@code quiet} leaves an image in use alone without complaint. */
    private void delete(Digest id, boolean force, boolean prune, boolean quiet, List<Removed> removed) {
        Catalog.Snapshot all = catalog.snapshot();
        ImageRecord image = all.images().get(id);
        if (image == null) {
            return;
        }
        List<Reference> own = all.namesOf(id);
        boolean hasChildren = all.hasChildren(id);
        RemovalConflicts conflicts = new RemovalConflicts(users.uses(), id);
        if (quiet && (hasChildren || !own.isEmpty() || conflicts.stands(force))) {
            return;
        }
        conflicts.check(hasChildren, !own.isEmpty(), force);
        own.forEach(name -> untag(id, name, removed));
        Map<String, String> labels = events.labels(id);
        catalog.removeImage(id);
        events.deleted(id, labels);
        removed.add(new Removed.Deleted(id));
        Set<Digest> needed = new HashSet<>();
        all.images().values().stream()
                .filter(other -> !other.id().equals(image.id()))
                .forEach(other -> needed.addAll(
                        Chains.of(other.diffIds().stream().map(Digest::parse).toList())));
        users.uses().forEach(use -> needed.addAll(Chains.of(use.layers())));
        Chains.of(image.diffIds().stream().map(Digest::parse).toList()).reversed().stream()
                .filter(chain -> !needed.contains(chain))
                .forEach(chain -> removed.add(new Removed.Deleted(chain)));
        String parent = image.parent();
        if (prune && parent != null) {
            delete(Digest.parse(parent), false, true, true, removed);
        }
    }
}
