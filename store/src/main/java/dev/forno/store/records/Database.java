package dev.forno.store.records;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The metadata database. Thread-safe: one writer at a time, readers don't wait for it. What a returned call changed
 * survives a crash. Failures are {@link dev.forno.oci.FornoException}s: {@code RESOURCE_EXHAUSTED} for a full disk,
 * {@code DATA_LOSS} for a damaged file, {@code FAILED_PRECONDITION} for a file of a newer version.
 */
public interface Database extends AutoCloseable {
    /**
     * Runs {@code work} in a transaction and returns its result; an exception undoes all its changes. Keep the work
     * short: other writers wait for it. Transactions don't nest.
     */
    <T> T transaction(Function<Transaction, T> work);

    /** {@link #transaction} for work with no result. */
    default void run(Consumer<Transaction> work) {
        transaction(tx -> {
            work.accept(tx);
            return true;
        });
    }

    /** The table of this name; every call on it is a transaction of its own. */
    RecordTable table(String name);

    /** Closes the database after the running transaction. Idempotent. */
    @Override
    void close();
}
