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
     * @param contentType the media type that came with it, possibly empty
     * @param digest the digest of the bytes, verified by the caller
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for a document that is no manifest, or one of an old schema
     */
    static ManifestDocument read(String contentType, Digest digest, byte[] bytes) {
        if (contentType.equals(MediaTypes.DOCKER_MANIFEST_V1)
                || contentType.equals(MediaTypes.DOCKER_MANIFEST_V1_SIGNED)) {
            throw oldSchema(digest);
        }
        Optional<Index> index = attempt(() -> Documents.index(bytes));
        Optional<Manifest> manifest = attempt(() -> Documents.manifest(bytes));
        if (index.isPresent() && manifest.isPresent()) {
            throw invalid(digest, "it is a manifest and an index at once");
        }
        if (index.isEmpty() && manifest.isEmpty()) {
            if (new String(bytes, StandardCharsets.UTF_8).contains("\"fsLayers\"")) {
                throw oldSchema(digest);
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
                ? new OfIndex(descriptor, bytes, checked(index.get(), digest))
                : new OfImage(descriptor, bytes, checked(manifest.orElseThrow(), digest));
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

    private static Index checked(Index index, Digest digest) {
        checkVersion(index.schemaVersion(), digest);
        index.manifests().forEach(Descriptor::contentDigest);
        return index;
    }

    private static Manifest checked(Manifest manifest, Digest digest) {
        checkVersion(manifest.schemaVersion(), digest);
        manifest.config().contentDigest();
        List<Descriptor> layers = manifest.layers();
        for (Descriptor layer : layers) {
            layer.contentDigest();
            if (MediaTypes.isForeignLayer(layer.mediaType())) {
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "read manifest " + digest + ": layer " + layer.digest()
                                + " is a foreign layer, which may only be fetched from its origin; such images can't be used");
            }
        }
        return manifest;
    }

    private static void checkVersion(int version, Digest digest) {
        if (version == 1) {
            throw oldSchema(digest);
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

    private static FornoException oldSchema(Digest digest) {
        return new FornoException(
                ErrorKind.NOT_IMPLEMENTED,
                "read manifest " + digest
                        + ": Docker image manifest version 2, schema 1 is not supported; ask the image's"
                        + " author to publish it as an OCI or schema 2 image");
    }

    private static FornoException invalid(Digest digest, String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "read manifest " + digest + ": " + reason);
    }
}
