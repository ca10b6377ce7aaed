package dev.forno.engine.images;

import dev.forno.engine.images.records.NameRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The names of a copy of the catalog by the images that have them, up to date while names go. What is asked of one image or
 * one repository costs nothing for the others, so that removing many names is no walk through all of them for each.
 */
final class NameIndex {
    private final Map<String, NameRecord> names;
    private final Map<String, NavigableSet<String>> byImage = new HashMap<>();

    /** Of these names, which are changed through this alone from now on. */
    NameIndex(Map<String, NameRecord> names) {
        this.names = names;
        names.forEach(this::enter);
    }

    /** What a name stands for. */
    Optional<NameRecord> get(Reference name) {
        return Optional.ofNullable(names.get(Catalog.key(name)));
    }

    /** The names of an image, tags first. */
    List<Reference> of(Digest id) {
        List<Reference> tags = new ArrayList<>();
        List<Reference> digests = new ArrayList<>();
        keys(id).forEach(key -> (isDigest(key) ? digests : tags).add(Reference.parse(key)));
        tags.addAll(digests);
        return tags;
    }

    boolean isNamed(Digest id) {
        return !keys(id).isEmpty();
    }

    boolean isTagged(Digest id) {
        return keys(id).stream().anyMatch(key -> !isDigest(key));
    }

    /** Whether an image has a tag of that reference's repository. */
    boolean isTaggedIn(Digest id, Reference repository) {
        String start = repository.name() + ":";
        String first = keys(id).ceiling(start);
        return first != null && first.startsWith(start);
    }

    /** The digests of that reference's repository among an image's names. */
    List<Reference> digestsIn(Digest id, Reference repository) {
        String start = repository.name() + "@";
        return keys(id).tailSet(start, true).stream()
                .takeWhile(key -> key.startsWith(start))
                .map(Reference::parse)
                .toList();
    }

    void remove(Reference name) {
        String key = Catalog.key(name);
        NameRecord old = names.remove(key);
        if (old != null) {
            old.images().forEach(one -> keys(one.image()).remove(key));
        }
    }

    void put(Reference name, NameRecord record) {
        remove(name);
        names.put(Catalog.key(name), record);
        enter(Catalog.key(name), record);
    }

    private void enter(String key, NameRecord record) {
        record.images().forEach(one -> byImage.computeIfAbsent(one.image(), id -> new TreeSet<>())
                .add(key));
    }

    private NavigableSet<String> keys(Digest id) {
        return keys(id.toString());
    }

    private NavigableSet<String> keys(String id) {
        return byImage.getOrDefault(id, Collections.emptyNavigableSet());
    }

    /** A complete reference has a digest or else a tag. */
    private static boolean isDigest(String key) {
        return key.indexOf('@') >= 0;
    }
}
