package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;

/** A registry's repositories (Docker's {@code _catalog}). */
@Json
public record CatalogPage(List<String> repositories) {}
