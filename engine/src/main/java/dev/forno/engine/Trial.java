package dev.forno.engine;

import dev.forno.oci.Digest;
import dev.forno.store.garbage.Roots;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A dry run of one or several removals: nothing is changed, and what a step would have removed counts as gone for the
 * steps after it. So a trial of a whole {@code system prune} says what the real one does. For one thread.
 */
public final class Trial {
    private final Set<String> containers = new HashSet<>();
    private final Set<Digest> images = new HashSet<>();
    private final Map<Supplier<Roots>, Supplier<Roots>> holders = new HashMap<>();
    private final Map<Object, Object> states = new HashMap<>();
    private long freed;

    /** A dry run in which everything is there yet. */
    public Trial() {}

    /** Counts a container as gone from now on. */
    public void removeContainer(String id) {
        containers.add(id);
    }

    /** Whether the container would be gone by now. */
    public boolean isContainerGone(String id) {
        return containers.contains(id);
    }

    /** The ids that are left of those of containers. */
    public Collection<String> left(Collection<String> ids) {
        return ids.stream().filter(id -> !containers.contains(id)).toList();
    }

    /** Counts an image as gone from now on. */
    public void removeImage(Digest id) {
        images.add(id);
    }

    /** Whether the image would be gone by now. */
    public boolean isImageGone(Digest id) {
        return images.contains(id);
    }

    /** From now on a holder of content needs only this. */
    public void reduce(Supplier<Roots> holder, Roots needed) {
        holders.put(holder, () -> needed);
    }

    /** What the holder needs in this trial. */
    public Roots needs(Supplier<Roots> holder) {
        return holders.getOrDefault(holder, holder).get();
    }

    /** What an owner's steps before this one left, or what there is at the first one. */
    @SuppressWarnings("unchecked") // an owner only gets what it set
    public <T> T state(Object owner, Supplier<T> first) {
        return (T) states.computeIfAbsent(owner, _ -> first.get());
    }

    /** Sets what the owner's next step begins with. */
    public void setState(Object owner, Object state) {
        states.put(owner, state);
    }

    /** Of the bytes that collections would have freed by now, those that the ones before would not. */
    public long freed(long bytes) {
        long more = bytes - freed;
        freed = bytes;
        return more;
    }
}
