package dev.forno.runtime.monitors;

import dev.forno.oci.JsonBinding;
import io.avaje.jsonb.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code runc state} prints (OCI runtime spec, runtime.md, "State"), as far as it matters. */
@Json
public record RuntimeState(@Nullable String id, String status, int pid) {
    static RuntimeState parse(String json) {
        return Objects.requireNonNull(JsonBinding.of(RuntimeState.class).fromJson(json));
    }
}
