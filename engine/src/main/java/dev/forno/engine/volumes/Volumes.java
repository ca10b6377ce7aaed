package dev.forno.engine.volumes;

import dev.forno.engine.Filters;
import dev.forno.engine.Trial;
import dev.forno.oci.ErrorKind;
import java.util.List;
import java.util.Map;

/** Volumes: directories that outlive containers. Thread-safe. */
public interface Volumes {
    /**
     * Makes a volume, or answers with the one of that name when driver and options agree; throws {@link ErrorKind#CONFLICT}
     * when they don't, {@link ErrorKind#INVALID_ARGUMENT} for names and options.
     */
    Volume create(VolumeRequest request);

    /** The volume; throws {@link ErrorKind#NOT_FOUND} ({@code get x: no such volume}). */
    Volume get(String name);

    /** The volumes that pass ({@code dangling}, {@code driver}, {@code label}, {@code name}), by name. */
    List<Volume> list(Filters filters);

    /** Removes it and its content; throws {@link ErrorKind#CONFLICT} naming the container that uses it. */
    void remove(String name, boolean force);

    /** Removes unused volumes that pass ({@code all}, {@code label}, {@code label!}): anonymous ones, or all with {@code all}. */
    Pruned prune(Filters filters);

    /** What {@link #prune} would do; nothing is changed. */
    Pruned tryPrune(Filters filters, Trial trial);

    /** Every volume with the bytes that it holds and how many containers refer to it. */
    List<Usage> usage();

    /**
     * A volume to make.
     *
     * @param name empty for a generated one
     * @param driver empty or {@code local}
     */
    record VolumeRequest(String name, String driver, Map<String, String> options, Map<String, String> labels) {}

    /** What a prune removed, and the bytes that it freed. */
    record Pruned(List<String> names, long reclaimedBytes) {}

    /** What a volume holds. */
    record Usage(Volume volume, long bytes, int references) {}
}
