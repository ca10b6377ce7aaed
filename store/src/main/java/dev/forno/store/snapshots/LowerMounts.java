package dev.forno.store.snapshots;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.oci.Digest;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The mounts of indexes: each is mounted once, when it is first needed, and shared by all snapshots over it, so that their
 * pages are in memory once. It stays mounted while nobody uses it, for the next container to start quickly, until there
 * are too many of them. What an earlier engine left mounted is used on. Thread-safe.
 */
final class LowerMounts {
    private static final Logger LOG = System.getLogger(LowerMounts.class.getName());
    private static final int MAX_MOUNTED = 24;
    private static final int LOCKS = 16;

    private final ImageIndexes indexes;
    private final Way way;
    private final Caching caching;
    private final Supplier<Set<String>> used;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /** What is mounted, that used last at the end. Guarded by {@link #state}. */
    private final LinkedHashSet<String> mounted = new LinkedHashSet<>();

    /** How many hold a mount open. Guarded by {@link #state}. */
    private final Map<String, Integer> held = new HashMap<>();

    private final ReentrantLock state = new ReentrantLock();

    /**
     * Mounts these indexes.
     *
     * @param used the names of those over which snapshots are mounted
     */
    LowerMounts(ImageIndexes indexes, Way way, Caching caching, Supplier<Set<String>> used) {
        this.indexes = indexes;
        this.way = way;
        this.caching = caching;
        this.used = used;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** Notes what is mounted, also by an earlier engine. */
    void note(String name) {
        state.lock();
        try {
            mounted.add(name);
        } finally {
            state.unlock();
        }
    }

    /** Makes the index if it isn't there. */
    void ensure(Lower lower) {
        if (indexes.about(lower.name()).isEmpty()) {
            locked(lower.name(), () -> about(lower));
        }
    }

    private IndexAbout about(Lower lower) {
        Optional<IndexAbout> there = indexes.about(lower.name());
        if (there.isPresent()) {
            return there.get();
        }
        removeNow(lower.name());
        indexes.write(lower);
        return indexes.about(lower.name())
                .orElseThrow(() -> new IllegalStateException("index " + lower.name() + " vanished"));
    }

    /** Mounts what is not mounted and keeps it so until {@link #release}. */
    Path hold(Lower lower) {
        String name = lower.name();
        hold(name);
        try {
            Path target = indexes.mountPoint(name);
            locked(name, () -> {
                IndexAbout about = about(lower);
                if (!isMounted(target)) {
                    mountWhole(lower, about, target);
                }
                return true;
            });
            note(name);
            return target;
        } catch (RuntimeException e) {
            release(lower);
            throw e;
        }
    }

    private void hold(String name) {
        state.lock();
        try {
            held.merge(name, 1, Integer::sum);
            if (mounted.remove(name)) {
                mounted.add(name);
            }
        } finally {
            state.unlock();
        }
    }

    void release(Lower lower) {
        state.lock();
        try {
            held.computeIfPresent(lower.name(), (name, count) -> count == 1 ? null : count - 1);
        } finally {
            state.unlock();
        }
    }

    private static boolean isMounted(Path target) {
        try {
            return MountPoint.isMounted(target);
        } catch (IOException e) {
            throw Failures.of("look at " + target, e);
        }
    }

    /** An index that is damaged, or that the kernel refuses, is made anew once. */
    private void mountWhole(Lower lower, IndexAbout about, Path target) {
        String name = lower.name();
        if (indexes.isWhole(name, about)) {
            try {
                mount(name, about, target);
                return;
            } catch (ErrnoException e) {
                LOG.log(Level.WARNING, "mount index " + name + ": " + e.getMessage() + "; making it anew");
            }
        } else {
            LOG.log(Level.WARNING, "mount index " + name + ": it is damaged; making it anew");
        }
        indexes.detach(name).ifPresent(Remains::discard);
        try {
            mount(name, about(lower), target);
        } catch (ErrnoException e) {
            throw Failures.of("mount index " + name, e);
        }
    }

    private void mount(String name, IndexAbout about, Path target) throws ErrnoException {
        for (IndexAbout.Device device : about.devices()) {
            if (!device.extra() && !Files.exists(indexes.device(device))) {
                throw TarLayers.lost(device.layer(), "its tar is not there any more");
            }
        }
        List<Path> devices = about.devices().stream().map(indexes::device).toList();
        ErofsMount.mount(way, indexes.index(name), devices, target, caching);
    }

    /** Takes all indexes out of sight of which a layer is gone for which this holds, and those that aren't whole. */
    List<Remains> detachWithout(Predicate<Digest> gone) {
        List<Remains> detached = new ArrayList<>();
        for (String name : indexes.names()) {
            Optional<IndexAbout> about = indexes.about(name);
            if (about.isEmpty() || about.get().layers().stream().anyMatch(gone)) {
                detach(name).ifPresent(detached::add);
            }
        }
        return detached;
    }

    /** Unmounts an index and takes it out of sight. Snapshots mounted over it don't notice. */
    Optional<Remains> detach(String name) {
        return locked(name, () -> {
            unmountNow(name);
            return indexes.detach(name);
        });
    }

    private void removeNow(String name) {
        unmountNow(name);
        indexes.detach(name).ifPresent(Remains::discard);
    }

    private void unmountNow(String name) {
        try {
            MountPoint.unmount(indexes.mountPoint(name));
        } catch (IOException e) {
            throw Failures.of("unmount index " + name, e);
        }
        state.lock();
        try {
            mounted.remove(name);
        } finally {
            state.unlock();
        }
    }

    void unmountIdle() {
        List<String> names = mounted();
        if (names.size() > MAX_MOUNTED) {
            unmountUnused(names, names.size() - MAX_MOUNTED);
        }
    }

    /** Unmounts everything that is not used by a mounted snapshot. */
    void close() {
        List<String> names = mounted();
        unmountUnused(names, names.size());
    }

    private List<String> mounted() {
        state.lock();
        try {
            return new ArrayList<>(mounted);
        } finally {
            state.unlock();
        }
    }

    private void unmountUnused(List<String> names, int most) {
        Set<String> needed = used.get();
        int left = most;
        for (String name : names) {
            if (left > 0 && !needed.contains(name)) {
                left -= locked(name, () -> isHeld(name) ? 0 : unmounted(name));
            }
        }
    }

    private int unmounted(String name) {
        unmountNow(name);
        return 1;
    }

    private boolean isHeld(String name) {
        state.lock();
        try {
            return held.containsKey(name);
        } finally {
            state.unlock();
        }
    }

    private <T> T locked(String name, Supplier<T> work) {
        ReentrantLock lock = locks[Math.floorMod(name.hashCode(), LOCKS)];
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
