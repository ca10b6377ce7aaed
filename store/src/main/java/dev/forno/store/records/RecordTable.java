package dev.forno.store.records;

import java.util.Optional;
import java.util.SortedMap;

/**
 * Records of one kind, JSON bytes by id. A table needs no declaration: it exists as soon as it has a record. Outside a
 * transaction every call is one of its own; a change is durable when the call returns.
 */
public interface RecordTable {
    /** The record, or empty. */
    Optional<byte[]> get(String id);

    /** Writes the record, over an older one if there is one. */
    void put(String id, byte[] json);

    /** Writes the record unless one of that id exists; tells whether it was written. */
    boolean putIfAbsent(String id, byte[] json);

    /** Removes the record; tells whether it was there. */
    boolean delete(String id);

    /** All records in the order of their ids; a copy. */
    SortedMap<String, byte[]> list();
}
