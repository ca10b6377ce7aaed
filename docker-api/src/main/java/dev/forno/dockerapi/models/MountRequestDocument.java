package dev.forno.dockerapi.models;

import dev.forno.engine.containers.MountRequest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One {@code --mount}, as asked for. */
@Json
public record MountRequestDocument(
        @Json.Property("Type") @Nullable String type,
        @Json.Property("Source") @Nullable String source,
        @Json.Property("Target") @Nullable String target,
        @Json.Property("ReadOnly") @Nullable Boolean readOnly,
        @Json.Property("Consistency") @Nullable String consistency,
        @Json.Property("BindOptions") @Nullable BindOptions bindOptions,
        @Json.Property("VolumeOptions") @Nullable VolumeOptions volumeOptions,
        @Json.Property("TmpfsOptions") @Nullable TmpfsOptions tmpfsOptions) {

    /** Options of a bind mount. */
    @Json
    public record BindOptions(
            @Json.Property("Propagation") @Nullable String propagation,
            @Json.Property("NonRecursive") @Nullable Boolean nonRecursive,
            @Json.Property("CreateMountpoint") @Nullable Boolean createMountpoint,
            @Json.Property("ReadOnlyNonRecursive") @Nullable Boolean readOnlyNonRecursive,

            @Json.Property("ReadOnlyForceRecursive") @Nullable
            Boolean readOnlyForceRecursive) {}

    /** Options of a volume mount. */
    @Json
    public record VolumeOptions(
            @Json.Property("NoCopy") @Nullable Boolean noCopy,
            @Json.Property("Labels") @Nullable Map<String, String> labels,
            @Json.Property("DriverConfig") @Nullable DriverConfig driverConfig,
            @Json.Property("Subpath") @Nullable String subpath) {}

    /** The driver of a volume that is made on the way. */
    @Json
    public record DriverConfig(
            @Json.Property("Name") @Nullable String name,
            @Json.Property("Options") @Nullable Map<String, String> options) {}

    /** Options of a tmpfs. */
    @Json
    public record TmpfsOptions(
            @Json.Property("SizeBytes") @Nullable Long sizeBytes,
            @Json.Property("Mode") @Nullable Integer mode,
            @Json.Property("Options") @Nullable List<List<String>> options) {}

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
                                Or.texts(v.labels()),
                                d == null ? "" : Or.empty(d.name()),
                                d == null ? Map.of() : Or.texts(d.options()),
                                Or.empty(v.subpath())),
                t == null
                        ? null
                        : new MountRequest.TmpfsOptions(
                                Or.zero(t.sizeBytes()), Or.zero(t.mode()), Or.empty(t.options())));
    }
}
