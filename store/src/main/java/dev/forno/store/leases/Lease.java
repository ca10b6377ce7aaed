package dev.forno.store.leases;

import dev.forno.oci.Digest;

/**
 * Work in flight. While a lease is open, every blob and every layer that becomes visible is kept, and so is everything
 * that the lease protects by name. Closing it leaves only what the roots reach. A lease does not outlive the engine:
 * after a crash its work is dead. Thread-safe.
 */
public interface Lease extends AutoCloseable {
    /**
     * Keeps a blob or a layer (by diffID) that may be there already. Protect first, look for it after: when it is
     * found then, it stays.
     */
    void protect(Digest digest);

    /** Ends the work. Idempotent. */
    @Override
    void close();
}
