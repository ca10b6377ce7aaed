package dev.forno.dockerapi.models;

import dev.forno.engine.containers.MountPoint;
import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** One mount of a container, in lists and inspections. */
@Json
public record MountDocument(
        @Json.Property("Type") String type,
        @Json.Property("Name") @Nullable String name,
        @Json.Property("Source") String source,
        @Json.Property("Destination") String destination,
        @Json.Property("Driver") @Nullable String driver,
        @Json.Property("Mode") String mode,
        @Json.Property("RW") boolean writable,
        @Json.Property("Propagation") String propagation) {

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
