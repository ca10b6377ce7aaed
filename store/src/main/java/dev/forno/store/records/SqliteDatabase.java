package dev.forno.store.records;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The metadata in one SQLite file with a write-ahead log. Every commit is synced to the disk. One connection writes and
 * one reads, each used by one thread at a time.
 */
public final class SqliteDatabase implements Database {
    /** The version of the tables; a file of a higher one is refused. */
    static final int SCHEMA_VERSION = 1;

    private final Path file;
    private final Connection writing;
    private final Connection reading;
    private final ReentrantLock writeLock = new ReentrantLock();
    private final ReentrantLock readLock = new ReentrantLock();

    private SqliteDatabase(Path file, Connection writing, Connection reading) {
        this.file = file;
        this.writing = writing;
        this.reading = reading;
    }

    /** Opens the database, or makes it when it isn't there. What a crash left is rolled back by SQLite itself. */
    public static SqliteDatabase open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Connection writing = connect(file);
            try {
                prepare(file, writing);
                Connection reading = connect(file);
                return new SqliteDatabase(file, writing, reading);
            } catch (SQLException | RuntimeException e) {
                writing.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, "open", e);
        } catch (IOException e) {
            throw dev.forno.store.failures.Failures.of("open database " + file, e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    private static void prepare(Path file, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (var result = statement.executeQuery("PRAGMA user_version")) {
                version = result.getInt(1);
            }
            if (version > SCHEMA_VERSION) {
                throw new FornoException(
                        ErrorKind.FAILED_PRECONDITION,
                        "open database " + file + ": it was written by a newer version of Forno (schema " + version
                                + ", this one knows up to " + SCHEMA_VERSION + ")");
            }
            if (version == 0) {
                // Both in one transaction: a crash between them must not leave tables without a version.
                connection.setAutoCommit(false);
                statement.execute("CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, json BLOB NOT NULL,"
                        + " PRIMARY KEY (kind, id)) WITHOUT ROWID");
                statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
                connection.commit();
                connection.setAutoCommit(true);
            }
        }
    }

    @Override
    public <T> T transaction(Function<Transaction, T> work) {
        if (writeLock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction inside a transaction");
        }
        writeLock.lock();
        try {
            requireOpen(writing);
            writing.setAutoCommit(false);
            try {
                T result = work.apply(this::writeTable);
                writing.commit();
                return result;
            } catch (Throwable t) {
                rollback(t);
                throw t;
            } finally {
                writing.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failure(file, "write", e);
        } finally {
            writeLock.unlock();
        }
    }

    private void rollback(Throwable reason) {
        try {
            writing.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private RecordTable writeTable(String name) {
        return new SqliteTable(file, writing, name);
    }

    @Override
    public RecordTable table(String name) {
        return new DirectTable(this, name);
    }

    <T> T read(String table, Function<RecordTable, T> work) {
        readLock.lock();
        try {
            requireOpen(reading);
            return work.apply(new SqliteTable(file, reading, table));
        } catch (SQLException e) {
            throw failure(file, "read", e);
        } finally {
            readLock.unlock();
        }
    }

    private void requireOpen(Connection connection) throws SQLException {
        if (connection.isClosed()) {
            throw new IllegalStateException("the database " + file + " is closed");
        }
    }

    static FornoException failure(Path file, String verb, SQLException cause) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(cause.getErrorCode() & 0xFF);
        String what = verb + " database " + file + ": ";
        return switch (code) {
            case SQLITE_FULL ->
                new FornoException(
                        ErrorKind.RESOURCE_EXHAUSTED,
                        what + "no space left on device; free some with \"forno system prune\" or make the disk larger",
                        cause);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new FornoException(
                        ErrorKind.DATA_LOSS,
                        what
                                + "the file is damaged; restore it from a backup, or move the state directory away to start"
                                + " anew",
                        cause);
            default -> new FornoException(ErrorKind.INTERNAL, what + cause.getMessage(), cause);
        };
    }

    @Override
    public void close() {
        writeLock.lock();
        readLock.lock();
        try {
            reading.close();
            writing.close();
        } catch (SQLException e) {
            throw failure(file, "close", e);
        } finally {
            readLock.unlock();
            writeLock.unlock();
        }
    }
}
