package dev.forno.store.records;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection's statements, each prepared once: preparing takes longer than most of them. For whoever holds the connection's
 * lock. They end with the connection.
 */
final class Statements {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** What is done with a statement; it leaves no result open. */
    @FunctionalInterface
    interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    /** Runs one of the few texts there are, with its parameters in the statement. Not for a text inside itself. */
    <T> T run(String sql, Work<T> work) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        try {
            return work.on(statement);
        } catch (SQLException e) {
            forget(sql, statement, e);
            throw e;
        }
    }

    /** A statement that failed may be in any state. */
    private void forget(String sql, PreparedStatement statement, SQLException reason) {
        prepared.remove(sql);
        try {
            statement.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
