package dev.forno.engine.containers;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code --mount}.
 *
 * @param type {@code bind}, {@code volume} or {@code tmpfs}; others are refused
 * @param source host path or volume name, empty for an anonymous volume or tmpfs
 * @param consistency recorded; it has no meaning on Linux
 */
@Json
public record MountRequest(
        String type,
        String source,
        String target,
        boolean readOnly,
        String consistency,
        @Nullable BindOptions bind,
        @Nullable VolumeOptions volume,
        @Nullable TmpfsOptions tmpfs) {

    /** Options of a bind mount; {@code propagation} may be empty. */
    @Json
    public record BindOptions(
            String propagation,
            boolean nonRecursive,
            boolean createMountpoint,
            boolean readOnlyNonRecursive,
            boolean readOnlyForceRecursive) {}

    /** Options of a volume mount: the driver's name and options are used when the volume is made. */
    @Json
    public record VolumeOptions(
            boolean noCopy,
            Map<String, String> labels,
            String driver,
            Map<String, String> driverOptions,
            String subpath) {}

    /**
     * Options of a tmpfs mount.
     *
     * @param sizeBytes 0 for the kernel's default
     * @param mode permission bits, 0 for 01777
     * @param options lists of one (flag) or two (key, value) texts
     */
    @Json
    public record TmpfsOptions(long sizeBytes, int mode, List<List<String>> options) {}
}
