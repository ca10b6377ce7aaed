package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.NameRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes names and images from a copy of the catalog by Docker's rules. Nothing else is changed: a dry run ends here, a
 * real one makes the catalog equal to what is left.
 */
final class RemovalPlan {
    private final Catalog.Snapshot left;
    private final NameIndex names;
    private final Dependents dependents;
    private final List<ImageUsers.Use> uses;
    private final EventSource events;
    private final List<Removed> removed = new ArrayList<>();
    private final List<Runnable> news = new ArrayList<>();

    /**
     * Begins with nothing removed.
     *
     * @param left what is there; what is removed is taken out
     * @param uses the containers that stand against removals
     */
    RemovalPlan(Catalog.Snapshot left, List<ImageUsers.Use> uses, EventSource events) {
        this.left = left;
        this.names = new NameIndex(left.names());
        this.dependents = new Dependents(left.images().values(), uses);
        this.uses = uses;
        this.events = events;
    }

    /** What has been removed, in Docker's order. */
    List<Removed> removed() {
        return List.copyOf(removed);
    }

    /** Tells the events of what has been removed; called once that is true. */
    void publish() {
        news.forEach(Runnable::run);
    }

    /** Whether an image has a tag by now. */
    boolean isTagged(Digest id) {
        return names.isTagged(id);
    }

    /** Whether there are images by now that were built on this one. */
    boolean hasChildren(Digest id) {
        return dependents.hasChildren(id);
    }

    /** Removes a name, or an image by its id. */
    void remove(Digest id, String text, boolean force, boolean prune) {
        List<Reference> own = names.of(id);
        if (ImageNames.quotesId(text, id)) {
            if (isSingle(own)) {
                new RemovalConflicts(uses, id).checkUse(hasChildren(id), force);
                own.forEach(name -> untagImage(id, name));
            }
            delete(id, force, prune, false);
            return;
        }
        if (!force && isSingle(own)) {
            new RemovalConflicts(uses, id).checkUntag(text);
        }
        Reference name = Reference.parse(text).withDefaultTag();
        removeName(id, name.digest() == null ? name : name.withDigest(name.digest()), force, prune);
    }

    /** Removes an image with all its names; one that is used or has children is left. */
    void prune(Digest id) {
        List<Reference> own = names.of(id);
        try {
            if (own.isEmpty()) {
                delete(id, false, true, false);
                return;
            }
            for (Reference name : own) {
                // Removing a tag may have taken the repository's digests along.
                if (names.get(name).isPresent()) {
                    removeName(id, name, false, true);
                }
            }
        } catch (FornoException e) {
            // A prune takes what it can get.
            return;
        }
    }

    /** Removes one platform's image of a name; the name stays while it has others. */
    void removePlatform(Digest id, Reference name, boolean force) {
        NameRecord record = names.get(name).orElse(null);
        if (record == null || record.images().size() == 1) {
            removeName(id, name, force, true);
            return;
        }
        if (!force && isSingle(names.of(id))) {
            new RemovalConflicts(uses, id).checkUntag(name.familiar());
        }
        for (Reference other : names.of(id)) {
            boolean sameTarget = names.get(other)
                    .filter(one -> one.target().equals(record.target()))
                    .isPresent();
            if (sameTarget && other.name().equals(name.name())) {
                rest(id, other).ifPresent(one -> names.put(other, one));
            }
        }
        delete(id, force, true, true);
    }

    private void removeName(Digest id, Reference name, boolean force, boolean prune) {
        List<Digest> siblings = siblings(id, name);
        removeOneName(id, name, force, prune);
        siblings.stream().filter(other -> !names.isNamed(other)).forEach(other -> delete(other, force, prune, true));
    }

    /** The images that a name has for other platforms. */
    private List<Digest> siblings(Digest id, Reference name) {
        return names.get(name).map(NameRecord::images).orElse(List.of()).stream()
                .map(one -> Digest.parse(one.image()))
                .filter(other -> !other.equals(id))
                .toList();
    }

    private void removeOneName(Digest id, Reference name, boolean force, boolean prune) {
        untag(id, name);
        if (name.digest() == null && !names.isTaggedIn(id, name)) {
            // Docker tells of no event for these: they go with the tag.
            for (Reference digest : names.digestsIn(id, name)) {
                names.remove(digest);
                removed.add(new Removed.Untagged(digest.familiar()));
            }
        }
        if (!names.isNamed(id)) {
            delete(id, force, prune, true);
        }
    }

    /** Whether at most one tag, and names of one repository only, point to an image. */
    private static boolean isSingle(List<Reference> own) {
        return own.size() <= 1
                || (own.stream().filter(name -> name.digest() == null).count() <= 1
                        && own.stream().map(Reference::name).distinct().count() == 1);
    }

    /** Takes an image's name away, by its id: the name stays with the images that it has for other platforms. */
    private void untagImage(Digest id, Reference name) {
        Optional<NameRecord> rest = rest(id, name);
        untag(id, name);
        rest.ifPresent(others -> names.put(name, others));
    }

    /** What a name stands for without an image; nothing when it has no other. */
    private Optional<NameRecord> rest(Digest id, Reference name) {
        return names.get(name).flatMap(record -> record.only(image -> !image.equals(id.toString())));
    }

    private void untag(Digest id, Reference name) {
        names.remove(name);
        removed.add(new Removed.Untagged(name.familiar()));
        Map<String, String> labels = events.labels(id); // later the image may be gone
        news.add(() -> events.untagged(id, labels));
    }

    /** Deletes an image unless something stands against it; {@code quiet} leaves an image in use alone without complaint. */
    private void delete(Digest id, boolean force, boolean prune, boolean quiet) {
        ImageRecord image = left.images().get(id);
        if (image == null) {
            return;
        }
        boolean isNamed = names.isNamed(id);
        boolean hasChildren = hasChildren(id);
        RemovalConflicts conflicts = new RemovalConflicts(uses, id);
        if (quiet && (hasChildren || isNamed || conflicts.stands(force))) {
            return;
        }
        conflicts.check(hasChildren, isNamed, force);
        names.of(id).forEach(name -> untagImage(id, name));
        Map<String, String> labels = events.labels(id);
        left.images().remove(id);
        news.add(() -> events.deleted(id, labels));
        removed.add(new Removed.Deleted(id));
        // Docker tells which chains of layers nobody has any more.
        dependents.remove(image).forEach(chain -> removed.add(new Removed.Deleted(chain)));
        String parent = image.parent();
        if (prune && parent != null) {
            delete(Digest.parse(parent), false, true, true);
        }
    }
}
