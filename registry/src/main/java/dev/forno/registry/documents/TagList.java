package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to a listing of tags (distribution spec, "Content Discovery"). */
@Json
public record TagList(@Nullable List<String> tags) {}
