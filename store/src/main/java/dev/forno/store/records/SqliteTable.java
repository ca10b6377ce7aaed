package dev.forno.store.records;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** The records of one kind over a connection that its user holds the lock of. */
final class SqliteTable implements RecordTable {
    private final Path file;
    private final Statements statements;
    private final String kind;
    private final IntConsumer adding;

    /**
     * Works on the records of a kind.
     *
     * @param adding told the bytes of a record before it is written
     */
    SqliteTable(Path file, Statements statements, String kind, IntConsumer adding) {
        this.adding = adding;
        this.file = file;
        this.statements = statements;
        this.kind = kind;
    }

    @Override
    public Optional<byte[]> get(String id) {
        return run("read", "SELECT json FROM record WHERE kind = ? AND id = ?", query -> {
            query.setString(1, kind);
            query.setString(2, id);
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        });
    }

    @Override
    public void put(String id, byte[] json) {
        update("INSERT OR REPLACE INTO record (kind, id, json) VALUES (?, ?, ?)", id, json);
    }

    @Override
    public boolean putIfAbsent(String id, byte[] json) {
        return update("INSERT OR IGNORE INTO record (kind, id, json) VALUES (?, ?, ?)", id, json) > 0;
    }

    private int update(String sql, String id, byte[] json) {
        adding.accept(json.length);
        return run("write", sql, update -> {
            update.setString(1, kind);
            update.setString(2, id);
            update.setBytes(3, json);
            int count = update.executeUpdate();
            update.clearParameters(); // they hold the record
            return count;
        });
    }

    @Override
    public boolean delete(String id) {
        return run("write", "DELETE FROM record WHERE kind = ? AND id = ?", delete -> {
            delete.setString(1, kind);
            delete.setString(2, id);
            return delete.executeUpdate() > 0;
        });
    }

    @Override
    public SortedMap<String, byte[]> list() {
        return run("read", "SELECT id, json FROM record WHERE kind = ?", query -> {
            query.setString(1, kind);
            SortedMap<String, byte[]> records = new TreeMap<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    records.put(result.getString(1), result.getBytes(2));
                }
            }
            return records;
        });
    }

    private <T> T run(String verb, String sql, Statements.Work<T> work) {
        try {
            return statements.run(sql, work);
        } catch (SQLException e) {
            throw SqliteDatabase.failure(file, verb, e);
        }
    }
}
