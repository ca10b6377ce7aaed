package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of the embedded registry's refusals (distribution spec, "Error Codes"). */
@Json
public record RefusalDocument(List<Entry> errors) {
    /** One error. */
    public record Entry(
            String code, String message, @Nullable String detail) {}
}
