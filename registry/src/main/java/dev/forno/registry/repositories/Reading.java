package dev.forno.registry.repositories;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.documents.ManifestRecord;
import dev.forno.registry.documents.ManifestRecord.BlobEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a registry must know of a manifest: what it needs, and what it refers to. */
final class Reading {
    private Reading() {}

    /**
     * Reads a manifest that was sent with a media type, which may be empty.
     *
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for everything that is not a manifest
     */
    static ManifestRecord read(byte[] bytes, String sentType) {
        String type = sentType.isEmpty() ? guess(bytes) : sentType;
        if (MediaTypes.isIndex(type)) {
            Index index = Documents.index(bytes);
            check(index.schemaVersion(), index.mediaType(), type);
            return ofIndex(index, type, bytes.length);
        }
        if (MediaTypes.isManifest(type)) {
            Manifest manifest = Documents.manifest(bytes);
            check(manifest.schemaVersion(), manifest.mediaType(), type);
            return ofImage(manifest, type, bytes.length);
        }
        throw invalid("media type \"" + type + "\" is not supported; push an OCI or Docker schema 2 manifest or index");
    }

    /** Without a media type the document's own one decides, or else its shape. */
    private static String guess(byte[] bytes) {
        try {
            Index index = Documents.index(bytes);
            return index.mediaType() == null ? MediaTypes.OCI_INDEX : index.mediaType();
        } catch (FornoException e) {
            Manifest manifest = Documents.manifest(bytes);
            return manifest.mediaType() == null ? MediaTypes.OCI_MANIFEST : manifest.mediaType();
        }
    }

    private static void check(int version, @Nullable String own, String sent) {
        if (version != 2) {
            throw invalid("schema version " + version + " is not supported");
        }
        if (own != null && !own.isEmpty() && !own.equals(sent)) {
            throw invalid("its media type is " + own + ", but it was sent as " + sent);
        }
    }

    private static ManifestRecord ofImage(Manifest manifest, String type, int size) {
        Map<String, BlobEntry> blobs = new LinkedHashMap<>();
        add(blobs, manifest.config());
        for (Descriptor layer : manifest.layers()) {
            // those are fetched from their origin
            if (!MediaTypes.isForeignLayer(layer.mediaType())) {
                add(blobs, layer);
            }
        }
        String artifactType = manifest.artifactType();
        return new ManifestRecord(
                type,
                size,
                List.copyOf(blobs.values()),
                List.of(),
                subject(manifest.subject()),
                artifactType == null || artifactType.isEmpty()
                        ? manifest.config().mediaType()
                        : artifactType,
                manifest.annotations());
    }

    private static ManifestRecord ofIndex(Index index, String type, int size) {
        List<String> manifests = index.manifests().stream()
                .map(child -> child.contentDigest().toString())
                .distinct()
                .toList();
        String artifactType = index.artifactType();
        return new ManifestRecord(
                type,
                size,
                List.of(),
                manifests,
                subject(index.subject()),
                artifactType == null || artifactType.isEmpty() ? null : artifactType,
                index.annotations());
    }

    private static void add(Map<String, BlobEntry> blobs, Descriptor blob) {
        Digest digest = blob.contentDigest();
        blobs.putIfAbsent(digest.toString(), new BlobEntry(digest.toString(), blob.size()));
    }

    private static @Nullable String subject(@Nullable Descriptor subject) {
        return subject == null ? null : subject.contentDigest().toString();
    }

    private static FornoException invalid(String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "read manifest: " + reason);
    }
}
