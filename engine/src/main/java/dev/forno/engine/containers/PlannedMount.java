package dev.forno.engine.containers;

import java.util.Map;

/**
 * A mount that was asked for, checked but not yet made.
 *
 * @param source host path, volume name, or empty
 * @param mode options as the user wrote them
 * @param mustExist whether a missing bind source is an error, rather than a directory to make
 * @param labels for the volume when it is made
 * @param driverOptions for the volume when it is made
 */
record PlannedMount(
        Kind kind,
        String source,
        String destination,
        boolean writable,
        String mode,
        String propagation,
        boolean noCopy,
        boolean nonRecursive,
        boolean mustExist,
        Map<String, String> labels,
        Map<String, String> driverOptions,
        String tmpfsOptions) {
    /** What is mounted. */
    enum Kind {
        BIND,
        VOLUME,
        TMPFS
    }

    static PlannedMount bind(String source, String destination, boolean writable, String mode, String propagation) {
        return new PlannedMount(
                Kind.BIND,
                source,
                destination,
                writable,
                mode,
                propagation,
                false,
                false,
                false,
                Map.of(),
                Map.of(),
                "");
    }

    static PlannedMount volume(String name, String destination, boolean writable, String mode, boolean noCopy) {
        return new PlannedMount(
                Kind.VOLUME, name, destination, writable, mode, "", noCopy, false, false, Map.of(), Map.of(), "");
    }
}
