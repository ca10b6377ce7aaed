package dev.forno.engine.containers;

import dev.forno.engine.Filters;
import dev.forno.engine.Trial;
import dev.forno.oci.ErrorKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Containers as records: making, finding, changing, removing. Thread-safe; calls on one container run one after the other.
 *
 * <p>Everywhere, {@code ref} is an id, a name (with or without slash) or an unambiguous prefix of an id; one that names
 * nothing throws {@link ErrorKind#NOT_FOUND} ({@code No such container: x}).
 */
public interface Containers {
    /**
     * Makes a container: snapshot, volumes, files; nothing runs. Throws {@link ErrorKind#NOT_FOUND} for the image
     * ({@code No such image: x}), {@link ErrorKind#CONFLICT} for the name, {@link ErrorKind#INVALID_ARGUMENT} and
     * {@link ErrorKind#NOT_IMPLEMENTED} for options.
     */
    Created create(CreateRequest request);

    /** The container as it is now. */
    Container get(String ref);

    /** The containers that pass, newest first. */
    List<Container> list(ContainerQuery query);

    /** Gives another name; throws {@link ErrorKind#CONFLICT} when it is taken. */
    void rename(String ref, String newName);

    /** Changes limits, at once when it runs, and the restart policy when given; answers with warnings. */
    List<String> update(String ref, Resources resources, HostOptions.@Nullable RestartPolicy restart);

    /** Removes a container; throws {@link ErrorKind#CONFLICT} when it runs and {@code force} is not set. */
    void remove(String ref, RemoveOptions options);

    /** Removes all stopped containers that pass ({@code until}, {@code label}, {@code label!}). */
    Pruned prune(Filters filters);

    /** What {@link #prune} would do; nothing is changed. */
    Pruned tryPrune(Filters filters, Trial trial);

    /** The answer to a creation: the id and what the user should know. */
    record Created(String id, List<String> warnings) {}

    /**
     * Which containers to list.
     *
     * @param all also those that don't run
     * @param limit at most so many of the newest, in any state; 0 for no limit
     */
    record ContainerQuery(boolean all, int limit, Filters filters) {
        /** Every container. */
        public static final ContainerQuery ALL = new ContainerQuery(true, 0, Filters.NONE);
    }

    /**
     * How to remove.
     *
     * @param force kill it first when it runs
     * @param volumes also its anonymous volumes
     */
    record RemoveOptions(boolean force, boolean volumes) {}

    /** What a prune removed, and the bytes that it freed. */
    record Pruned(List<String> ids, long reclaimedBytes) {}
}
