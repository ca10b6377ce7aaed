package dev.forno.engine.containers;

import io.avaje.jsonb.Json;

/**
 * One mount of a container, resolved.
 *
 * @param type {@code bind}, {@code volume} or {@code tmpfs}
 * @param name the volume's name, or empty
 * @param source host path, empty for tmpfs
 * @param driver the volume's driver, or empty
 * @param mode options as the user wrote them
 * @param propagation as {@code rprivate}; empty for volumes
 * @param tmpfsOptions mount options of a tmpfs, else empty
 * @param anonymous whether the volume was made for this container and goes with it when volumes are removed too
 * @param noCopy whether an empty volume is left empty instead of getting the image's content
 * @param nonRecursive whether submounts of a bind source are left out
 * @param mustExist whether a missing bind source is an error, rather than a directory to make
 */
@Json
public record MountPoint(
        String type,
        String name,
        String source,
        String destination,
        String driver,
        String mode,
        boolean writable,
        String propagation,
        String tmpfsOptions,
        boolean anonymous,
        boolean noCopy,
        boolean nonRecursive,
        boolean mustExist) {

    /** The same mount without the right to write. */
    public MountPoint readOnly() {
        return new MountPoint(
                type,
                name,
                source,
                destination,
                driver,
                mode,
                false,
                propagation,
                tmpfsOptions,
                anonymous,
                noCopy,
                nonRecursive,
                mustExist);
    }
}
