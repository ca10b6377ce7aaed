package dev.forno.engine.containers;

import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import dev.forno.store.records.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A database in memory: a failing transaction changes nothing. */
public final class MemoryDatabase implements Database {
    private final Map<String, TreeMap<String, byte[]>> tables = new HashMap<>();
    /** Makes an empty one. */
    public MemoryDatabase() {}

    /** How many more changes succeed; for failures on purpose. */
    int changesLeft = Integer.MAX_VALUE;

    @Override
    public synchronized <T> T transaction(Function<Transaction, T> work) {
        Map<String, TreeMap<String, byte[]>> before = new HashMap<>();
        tables.forEach((name, rows) -> before.put(name, new TreeMap<>(rows)));
        try {
            return work.apply(this::table);
        } catch (RuntimeException e) {
            tables.clear();
            tables.putAll(before);
            throw e;
        }
    }

    @Override
    public synchronized RecordTable table(String name) {
        return new Table(name);
    }

    @Override
    public void close() {}

    private final class Table implements RecordTable {
        private final String name;

        Table(String name) {
            this.name = name;
        }

        private Map<String, byte[]> rows() {
            return tables.computeIfAbsent(name, n -> new TreeMap<>());
        }

        private void change() {
            if (changesLeft-- <= 0) {
                throw new IllegalStateException("the disk is full");
            }
        }

        @Override
        public Optional<byte[]> get(String id) {
            synchronized (MemoryDatabase.this) {
                return Optional.ofNullable(rows().get(id));
            }
        }

        @Override
        public void put(String id, byte[] json) {
            synchronized (MemoryDatabase.this) {
                change();
                rows().put(id, json);
            }
        }

        @Override
        public boolean putIfAbsent(String id, byte[] json) {
            synchronized (MemoryDatabase.this) {
                change();
                return rows().putIfAbsent(id, json) == null;
            }
        }

        @Override
        public boolean delete(String id) {
            synchronized (MemoryDatabase.this) {
                change();
                return rows().remove(id) != null;
            }
        }

        @Override
        public SortedMap<String, byte[]> list() {
            synchronized (MemoryDatabase.this) {
                return new TreeMap<>(rows());
            }
        }
    }
}
