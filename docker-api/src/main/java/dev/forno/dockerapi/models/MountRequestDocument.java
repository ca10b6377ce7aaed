package dev.forno.dockerapi.models;

import dev.forno.engine.containers.MountRequest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One {@code --mount}, as asked for. */
@Json(naming = Json.Naming.UpperCamel)
public record MountRequestDocument(
        @Nullable String type,
        @Nullable String source,
        @Nullable String target,
        @Nullable Boolean readOnly,
        @Nullable String consistency,
        @Nullable BindOptions bindOptions,
        @Nullable VolumeOptions volumeOptions,
        @Nullable TmpfsOptions tmpfsOptions) {

    /** Options of a bind mount. */
    @Json(naming = Json.Naming.UpperCamel)
    public record BindOptions(
            @Nullable String propagation,
            @Nullable Boolean nonRecursive,
            @Nullable Boolean createMountpoint,
            @Nullable Boolean readOnlyNonRecursive,
            @Nullable Boolean readOnlyForceRecursive) {}

    /** Options of a volume mount. */
    @Json(naming = Json.Naming.UpperCamel)
    public record VolumeOptions(
            @Nullable Boolean noCopy,
            @Nullable Map<String, String> labels,
            @Nullable DriverConfig driverConfig,
            @Nullable String subpath) {}

    /** The driver of a volume that is made on the way. */
    @Json(naming = Json.Naming.UpperCamel)
    public record DriverConfig(
            @Nullable String name, @Nullable Map<String, String> options) {}

    /** Options of a tmpfs. */
    @Json(naming = Json.Naming.UpperCamel)
    public record TmpfsOptions(
            @Nullable Long sizeBytes,
            @Nullable Integer mode,
            @Nullable List<List<String>> options) {}

    static MountRequestDocument of(MountRequest mount) {
        return new MountRequestDocument(
                mount.type(),
                mount.source().isEmpty() ? null : mount.source(),
                mount.target(),
                mount.readOnly() ? true : null,
                mount.consistency().isEmpty() ? null : mount.consistency(),
                bind(mount.bind()),
                volume(mount.volume()),
                tmpfs(mount.tmpfs()));
    }

    private static @Nullable BindOptions bind(MountRequest.@Nullable BindOptions bind) {
        return bind == null
                ? null
                : new BindOptions(
                        bind.propagation(),
                        bind.nonRecursive(),
                        bind.createMountpoint(),
                        bind.readOnlyNonRecursive(),
                        bind.readOnlyForceRecursive());
    }

    private static @Nullable VolumeOptions volume(MountRequest.@Nullable VolumeOptions volume) {
        return volume == null
                ? null
                : new VolumeOptions(
                        volume.noCopy(),
                        volume.labels(),
                        new DriverConfig(volume.driver(), volume.driverOptions()),
                        volume.subpath());
    }

    private static @Nullable TmpfsOptions tmpfs(MountRequest.@Nullable TmpfsOptions tmpfs) {
        return tmpfs == null ? null : new TmpfsOptions(tmpfs.sizeBytes(), tmpfs.mode(), tmpfs.options());
    }

    MountRequest toEngine() {
        BindOptions b = bindOptions;
        VolumeOptions v = volumeOptions;
        TmpfsOptions t = tmpfsOptions;
        DriverConfig d = v == null ? null : v.driverConfig();
        if (type == null) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "invalid mount config for type \"\": mount type unknown: \"\"");
        }
        return new MountRequest(
                type,
                Or.empty(source),
                Or.empty(target),
                Or.no(readOnly),
                Or.empty(consistency),
                b == null
                        ? null
                        : new MountRequest.BindOptions(
                                Or.empty(b.propagation()),
                                Or.no(b.nonRecursive()),
                                Or.no(b.createMountpoint()),
                                Or.no(b.readOnlyNonRecursive()),
                                Or.no(b.readOnlyForceRecursive())),
                v == null
                        ? null
                        : new MountRequest.VolumeOptions(
                                Or.no(v.noCopy()),
                                Or.empty(v.labels()),
                                d == null ? "" : Or.empty(d.name()),
                                d == null ? Map.of() : Or.empty(d.options()),
                                Or.empty(v.subpath())),
                t == null
                        ? null
                        : new MountRequest.TmpfsOptions(
                                Or.zero(t.sizeBytes()), Or.zero(t.mode()), Or.empty(t.options())));
    }
}
