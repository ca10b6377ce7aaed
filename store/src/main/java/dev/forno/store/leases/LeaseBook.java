package dev.forno.store.leases;

import dev.forno.oci.Digest;
import dev.forno.store.places.Remains;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The open leases. Whatever becomes visible while leases are open is noted in each of them. During a collection, a
 * closed lease goes on to protect until the collection ends: its name may have been written after the roots were read.
 */
public final class LeaseBook implements Leases {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<OpenLease> open = new HashSet<>();
    private final Set<Digest> lingering = new HashSet<>();
    private boolean collecting;

    /** A book with no lease. */
    public LeaseBook() {}

    @Override
    public Lease open(String purpose) {
        lock.lock();
        try {
            OpenLease lease = new OpenLease(purpose);
            open.add(lease);
            return lease;
        } finally {
            lock.unlock();
        }
    }

    /** Notes what is about to become visible. */
    public void publishing(Digest digest) {
        lock.lock();
        try {
            open.forEach(lease -> lease.digests.add(digest));
        } finally {
            lock.unlock();
        }
    }

    /** Begins a collection; {@link #endCollection} must follow. */
    public void beginCollection() {
        lock.lock();
        try {
            collecting = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the collection. */
    public void endCollection() {
        lock.lock();
        try {
            collecting = false;
            lingering.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs {@code removal} unless the digest is protected, and no lease can protect it meanwhile. All leases wait for it, so
     * it takes things out of sight and leaves the rest for later.
     */
    public Optional<Remains> detachUnlessProtected(Digest digest, Supplier<Optional<Remains>> removal) {
        lock.lock();
        try {
            return isProtected(digest) ? Optional.empty() : removal.get();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a lease protects the digest now. */
    public boolean isProtected(Digest digest) {
        lock.lock();
        try {
            return lingering.contains(digest) || open.stream().anyMatch(l -> l.digests.contains(digest));
        } finally {
            lock.unlock();
        }
    }

    private final class OpenLease implements Lease {
        private final String purpose;
        private final Set<Digest> digests = new HashSet<>();

        OpenLease(String purpose) {
            this.purpose = purpose;
        }

        @Override
        public void protect(Digest digest) {
            lock.lock();
            try {
                if (!open.contains(this)) {
                    throw new IllegalStateException("the lease for " + purpose + " is closed");
                }
                digests.add(digest);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (open.remove(this) && collecting) {
                    lingering.addAll(digests);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
