package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registry's error body (distribution spec, "Error Codes"), with the fields that other services use instead. */
@Json
public record ErrorDocument(
        @Nullable List<Entry> errors,
        @Nullable String details,
        @Nullable String message) {
    /** One error. */
    public record Entry(@Nullable String code, @Nullable String message) {}
}
