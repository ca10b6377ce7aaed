package dev.forno.store.records;

import dev.forno.linux.files.FullDisk;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The metadata in one SQLite file with a write-ahead log. Every commit is synced to the disk. One connection writes and
 * one reads, each used by one thread at a time. On a full disk one connection does both, which needs no file for what two
 * share, and the {@link Reserve} is its log.
 */
public final class SqliteDatabase implements Database {
    /** The version of the tables; a file of a higher one is refused. */
    static final int SCHEMA_VERSION = 1;

    /** A removal may note in so many bytes what is left to be done. */
    private static final int MARK = 64;

    private final Path file;
    private final Reserve reserve;
    private final Connection writing;
    private final Connection reading;
    private final Statements writingStatements;
    private final Statements readingStatements;
    private final ReentrantLock writeLock = new ReentrantLock();
    private final ReentrantLock readLock;

    /** With two connections. */
    private SqliteDatabase(Path file, Reserve reserve, Connection writing, Connection reading) {
        this.file = file;
        this.reserve = reserve;
        this.writing = writing;
        this.reading = reading;
        this.writingStatements = new Statements(writing);
        this.readingStatements = new Statements(reading);
        this.readLock = new ReentrantLock();
    }

    /** With one, which everybody waits for. */
    private SqliteDatabase(Path file, Reserve reserve, Connection only) {
        this.file = file;
        this.reserve = reserve;
        this.writing = only;
        this.reading = only;
        this.writingStatements = new Statements(only);
        this.readingStatements = writingStatements;
        this.readLock = writeLock;
    }

    /** Opens the database, or makes it when it isn't there. What a crash left is rolled back by SQLite itself. */
    public static SqliteDatabase open(Path file) {
        Reserve reserve = Reserve.of(file);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            SqliteDatabase opened;
            try {
                opened = open(file, reserve);
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.RESOURCE_EXHAUSTED) {
                    throw e;
                }
                opened = openOnFullDisk(file, reserve);
            }
            reserve.restore();
            return opened;
        } catch (IOException e) {
            throw dev.forno.store.failures.Failures.of("open database " + file, e);
        }
    }

    private static SqliteDatabase open(Path file, Reserve reserve) {
        try {
            Connection writing = connect(file);
            try {
                prepare(file, writing);
                return new SqliteDatabase(file, reserve, writing, connect(file));
            } catch (SQLException | RuntimeException e) {
                writing.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, "open", e);
        }
    }

    /** What two connections share needs space; one that locks out all others keeps it in memory. */
    private static SqliteDatabase openOnFullDisk(Path file, Reserve reserve) {
        reserve.becomeLog(log(file));
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        try {
            Connection only = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try (Statement statement = only.createStatement()) {
                statement.execute("PRAGMA locking_mode = EXCLUSIVE"); // first: the others look at the file
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                prepare(file, only);
                return new SqliteDatabase(file, reserve, only);
            } catch (SQLException | RuntimeException e) {
                only.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, "open", e);
        }
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
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
                statement.execute("BEGIN IMMEDIATE");
                statement.execute("CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, json BLOB NOT NULL,"
                        + " PRIMARY KEY (kind, id)) WITHOUT ROWID");
                statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
                statement.execute("COMMIT");
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
            Attempt attempt = new Attempt();
            T result;
            try {
                result = attempt.run(work);
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.RESOURCE_EXHAUSTED || attempt.added > MARK) {
                    throw e;
                }
                result = runOnFullDisk(work, e); // a removal, which makes space
            }
            reserve.restore();
            return result;
        } finally {
            writeLock.unlock();
        }
    }

    /** Runs the work in the space that the log has, else in the reserve's. */
    private <T> T runOnFullDisk(Function<Transaction, T> work, FornoException full) {
        if (restartLog()) {
            try {
                return new Attempt().run(work);
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.RESOURCE_EXHAUSTED) {
                    throw e;
                }
            }
        }
        if (!reserve.release()) {
            throw full;
        }
        try {
            return new Attempt().run(work);
        } finally {
            restartLog(); // so that the next one needs no more space than the log has by now
            reserve.take();
        }
    }

    /** Whether all of the log is in the database file, so that it begins anew with the next transaction. */
    private boolean restartLog() {
        try (Statement statement = writing.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(RESTART)")) {
            return result.next() && result.getInt("busy") == 0;
        } catch (SQLException e) {
            return false; // the database file has to grow, too
        }
    }

    /** One run of a transaction. */
    private final class Attempt {
        private long added;

        <T> T run(Function<Transaction, T> work) {
            try {
                requireOpen(writing);
                execute("BEGIN IMMEDIATE");
                try {
                    T result =
                            work.apply(name -> new SqliteTable(file, writingStatements, name, bytes -> added += bytes));
                    execute("COMMIT");
                    return result;
                } catch (Throwable t) {
                    rollback(t);
                    throw t;
                }
            } catch (SQLException e) {
                throw failure(file, "write", e);
            }
        }

        private void rollback(Throwable reason) {
            try {
                execute("ROLLBACK");
            } catch (SQLException e) {
                // A full disk or a damaged file has rolled it back already.
                if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                    reason.addSuppressed(e);
                }
            }
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = writing.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public RecordTable table(String name) {
        return new DirectTable(this, name);
    }

    <T> T read(String table, Function<RecordTable, T> work) {
        readLock.lock();
        try {
            requireOpen(reading);
            return work.apply(new SqliteTable(file, readingStatements, table, _ -> {}));
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
            case SQLITE_FULL -> full(verb, file, cause);
            case SQLITE_IOERR, SQLITE_CANTOPEN ->
                Reserve.of(file).isFull()
                        ? full(verb, file, cause)
                        : new FornoException(ErrorKind.INTERNAL, what + cause.getMessage(), cause);
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

    private static FornoException full(String verb, Path file, SQLException cause) {
        return new FornoException(
                ErrorKind.RESOURCE_EXHAUSTED,
                FullDisk.message(verb + " database", cause, file.resolveSibling("")),
                cause);
    }

    @Override
    public void close() {
        writeLock.lock();
        readLock.lock();
        try (writing;
                reading) { // both, whatever becomes of the first
            if (!writing.isClosed() && reserve.isSpent() && restartLog()) {
                reserve.keep(log(file));
            }
        } catch (SQLException e) {
            throw failure(file, "close", e);
        } finally {
            readLock.unlock();
            writeLock.unlock();
        }
    }
}
