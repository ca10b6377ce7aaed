package dev.forno.dockerapi.models;

import dev.forno.engine.containers.MountPoint;
import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** One mount of a container, in lists and inspections. */
@Json(naming = Json.Naming.UpperCamel)
public record MountDocument(
        String type,
        @Nullable String name,
        String source,
        String destination,
        @Nullable String driver,
        String mode,
        @Json.Property("RW") boolean writable,
        String propagation) {

    static MountDocument of(MountPoint mount) {
        return new MountDocument(
                mount.type(),
                mount.name().isEmpty() ? null : mount.name(),
                mount.source(),
                mount.destination(),
                mount.driver().isEmpty() ? null : mount.driver(),
                mount.mode(),
                mount.writable(),
                mount.propagation());
    }
}
