package dev.forno.store.records;

import java.util.Optional;
import java.util.SortedMap;

/** A table outside transactions: reads go to the reading connection, every write is a transaction. */
final class DirectTable implements RecordTable {
    private final SqliteDatabase database;
    private final String name;

    DirectTable(SqliteDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    @Override
    public Optional<byte[]> get(String id) {
        return database.read(name, table -> table.get(id));
    }

    @Override
    public void put(String id, byte[] json) {
        database.run(tx -> tx.table(name).put(id, json));
    }

    @Override
    public boolean putIfAbsent(String id, byte[] json) {
        return database.transaction(tx -> tx.table(name).putIfAbsent(id, json));
    }

    @Override
    public boolean delete(String id) {
        return database.transaction(tx -> tx.table(name).delete(id));
    }

    @Override
    public SortedMap<String, byte[]> list() {
        return database.read(name, RecordTable::list);
    }
}
