package dev.forno.registry.repositories;

import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.TagRecord;
import dev.forno.store.records.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The tags and names of repositories. Thread-safe. */
public final class Tags {
    private final Database database;

    Tags(Database database) {
        this.database = database;
    }

    /** What the tag names. */
    public Optional<TagRecord> find(String repository, String tag) {
        return Tables.of(database).tags(repository).get(tag).map(json -> RecordJson.read(TagRecord.class, json));
    }

    /** Makes a tag name a manifest that is there already. */
    public void put(String repository, String tag, TagRecord target) {
        Tables.of(database).tags(repository).put(tag, RecordJson.write(TagRecord.class, target));
    }

    /** Takes a tag away; tells whether it was there. */
    public boolean remove(String repository, String tag) {
        return Tables.of(database).tags(repository).delete(tag);
    }

    /** The tags after {@code last} in the order of their bytes, at most {@code limit}, and whether there are more. */
    public Page list(String repository, String last, int limit) {
        return Page.of(Tables.of(database).tags(repository).list().keySet(), last, limit, tag -> true);
    }

    /** Whether anything was ever kept in a repository of that name. */
    public boolean knows(String repository) {
        return Tables.of(database).repositories().get(repository).isPresent();
    }

    /** The names of repositories after {@code last} that fulfil a condition. */
    public Page repositories(String last, int limit, Predicate<String> condition) {
        return Page.of(Tables.of(database).repositories().list().keySet(), last, limit, condition);
    }

    /** A part of a listing. */
    public record Page(List<String> names, boolean more) {
        /** The part after {@code last} of names in order. */
        public static Page of(Iterable<String> sorted, String last, int limit, Predicate<String> condition) {
            List<String> names = new java.util.ArrayList<>();
            for (String name : sorted) {
                if (name.compareTo(last) > 0 && condition.test(name)) {
                    if (names.size() == limit) {
                        return new Page(List.copyOf(names), true);
                    }
                    names.add(name);
                }
            }
            return new Page(List.copyOf(names), false);
        }
    }
}
