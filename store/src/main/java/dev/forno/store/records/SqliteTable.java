package dev.forno.store.records;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The records of one kind over a connection that its user holds the lock of. */
final class SqliteTable implements RecordTable {
    private final Path file;
    private final Connection connection;
    private final String kind;
    private final Runnable adding;

    /**
     * Works on the records of a kind.
     *
     * @param adding told before a record is written
     */
    SqliteTable(Path file, Connection connection, String kind, Runnable adding) {
        this.adding = adding;
        this.file = file;
        this.connection = connection;
        this.kind = kind;
    }

    @Override
    public Optional<byte[]> get(String id) {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT json FROM record WHERE kind = ? AND id = ?")) {
            query.setString(1, kind);
            query.setString(2, id);
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw SqliteDatabase.failure(file, "read", e);
        }
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
        adding.run();
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, kind);
            update.setString(2, id);
            update.setBytes(3, json);
            return update.executeUpdate();
        } catch (SQLException e) {
            throw SqliteDatabase.failure(file, "write", e);
        }
    }

    @Override
    public boolean delete(String id) {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM record WHERE kind = ? AND id = ?")) {
            delete.setString(1, kind);
            delete.setString(2, id);
            return delete.executeUpdate() > 0;
        } catch (SQLException e) {
            throw SqliteDatabase.failure(file, "write", e);
        }
    }

    @Override
    public SortedMap<String, byte[]> list() {
        try (PreparedStatement query = connection.prepareStatement("SELECT id, json FROM record WHERE kind = ?")) {
            query.setString(1, kind);
            SortedMap<String, byte[]> records = new TreeMap<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    records.put(result.getString(1), result.getBytes(2));
                }
            }
            return records;
        } catch (SQLException e) {
            throw SqliteDatabase.failure(file, "read", e);
        }
    }
}
