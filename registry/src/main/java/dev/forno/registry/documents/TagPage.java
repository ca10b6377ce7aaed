package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;

/** A repository's tags (distribution spec, "Listing Tags"). */
@Json
public record TagPage(String name, List<String> tags) {}
