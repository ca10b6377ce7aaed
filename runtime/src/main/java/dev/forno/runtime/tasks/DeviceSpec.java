package dev.forno.runtime.tasks;

import java.nio.file.Path;

/**
 * A host device, or a directory of devices, to make available.
 *
 * @param host the path on the host
 * @param container the path in the container
 * @param permissions some of {@code r}, {@code w}, {@code m}
 */
public record DeviceSpec(Path host, String container, String permissions) {}
