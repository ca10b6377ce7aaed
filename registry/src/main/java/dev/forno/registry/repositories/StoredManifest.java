package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.registry.documents.ManifestRecord;

/** A manifest of a repository. */
public record StoredManifest(Digest digest, ManifestRecord record) {}
