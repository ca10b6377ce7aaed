package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A manifest or an index in the bytes it came in, verified against its digest. Immutable; the bytes are not copied. */
public sealed interface ManifestDocument {
    /** Media type, digest and size. */
    Descriptor descriptor();

    /** The original bytes. */
    byte[] bytes();

    /** One image's manifest. */
    @SuppressWarnings("ArrayRecordComponent")
    record OfImage(Descriptor descriptor, byte[] bytes, Manifest manifest) implements ManifestDocument {}

    /** A list of manifests by platform. */
    @SuppressWarnings("ArrayRecordComponent")
    record OfIndex(Descriptor descriptor, byte[] bytes, Index index) implements ManifestDocument {}

    /**
     * Reads a document.
     *
     * @param name what was asked for, for messages
     * @param contentType the media type that came with it, possibly empty
     * @param digest the digest of the bytes, verified by the caller
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for a document that is no manifest, or one of an old schema
     */
    static ManifestDocument read(String name, String contentType, Digest digest, byte[] bytes) {
        if (contentType.equals(MediaTypes.DOCKER_MANIFEST_V1)
                || contentType.equals(MediaTypes.DOCKER_MANIFEST_V1_SIGNED)) {
            throw oldSchema(name);
        }
        Optional<Index> index = attempt(() -> Documents.index(bytes));
        Optional<Manifest> manifest = attempt(() -> Documents.manifest(bytes));
        if (index.isPresent() && manifest.isPresent()) {
            throw invalid(digest, "it is a manifest and an index at once");
        }
        if (index.isEmpty() && manifest.isEmpty()) {
            if (new String(bytes, StandardCharsets.UTF_8).contains("\"fsLayers\"")) {
                throw oldSchema(name);
            }
            throw invalid(digest, "it is neither a manifest nor an index");
        }
        boolean isIndex = index.isPresent();
        String own = isIndex
                ? index.get().mediaType()
                : manifest.map(Manifest::mediaType).orElse(null);
        String type = mediaType(isIndex, contentType, own, digest);
        Descriptor descriptor = Descriptor.of(type, digest, bytes.length);
        return isIndex
                ? new OfIndex(descriptor, bytes, checked(name, index.get(), digest))
                : new OfImage(descriptor, bytes, checked(name, manifest.orElseThrow(), digest));
    }

    private static String mediaType(boolean isIndex, String contentType, @Nullable String own, Digest digest) {
        boolean declared = MediaTypes.isIndex(contentType) || MediaTypes.isManifest(contentType);
        if (own != null && declared && !own.equals(contentType)) {
            throw invalid(digest, "its media type is " + own + ", but it was sent as " + contentType);
        }
        String type = own != null ? own : declared ? contentType : "";
        if (type.isEmpty()) {
            return isIndex ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
        }
        if (isIndex ? !MediaTypes.isIndex(type) : !MediaTypes.isManifest(type)) {
            throw invalid(digest, "its media type " + type + " doesn't fit its content");
        }
        return type;
    }

    private static Index checked(String name, Index index, Digest digest) {
        checkVersion(name, index.schemaVersion(), digest);
        index.manifests().forEach(Descriptor::contentDigest);
        return index;
    }

    private static Manifest checked(String name, Manifest manifest, Digest digest) {
        checkVersion(name, manifest.schemaVersion(), digest);
        manifest.config().contentDigest();
        List<Descriptor> layers = manifest.layers();
        for (Descriptor layer : layers) {
            layer.contentDigest();
            if (MediaTypes.isForeignLayer(layer.mediaType())) {
                List<String> urls = layer.urls();
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "read manifest " + digest + ": layer " + layer.digest() + " is a foreign layer, which only its"
                                + " origin may distribute"
                                + (urls == null || urls.isEmpty() ? "" : " (" + urls.getFirst() + ")")
                                + "; such images can't be used");
            }
        }
        return manifest;
    }

    private static void checkVersion(String name, int version, Digest digest) {
        if (version == 1) {
            throw oldSchema(name);
        }
        if (version != 2) {
            throw invalid(digest, "schema version " + version + " is unknown");
        }
    }

    private static <T> Optional<T> attempt(java.util.function.Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (FornoException e) {
            return Optional.empty();
        }
    }

    /** Docker's text. */
    private static FornoException oldSchema(String name) {
        return new FornoException(
                ErrorKind.NOT_IMPLEMENTED,
                "Docker Image Format v1 and Docker Image manifest version 2, schema 1 support has been removed. Suggest"
                        + " the author of " + name
                        + " to upgrade the image to the OCI Format or Docker Image manifest v2, schema 2. More"
                        + " information at https://docs.docker.com/go/deprecated-image-specs/");
    }

    private static FornoException invalid(Digest digest, String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "read manifest " + digest + ": " + reason);
    }
}
