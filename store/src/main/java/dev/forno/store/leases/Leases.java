package dev.forno.store.leases;

/** Opens leases. Take one for every pull, load, build or commit, from before its first look until its name is written. */
public interface Leases {
    /**
     * Opens a lease.
     *
     * @param purpose what the work is, for diagnostics
     */
    Lease open(String purpose);
}
