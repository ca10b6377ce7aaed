package dev.forno.store.records;

/** A group of changes that happens as a whole or not at all. Valid only inside the call that handed it out, on its thread. */
public interface Transaction {
    /** The table of this name, seen and changed through this transaction. */
    RecordTable table(String name);
}
