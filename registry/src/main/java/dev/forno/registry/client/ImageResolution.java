package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reference leads to on one platform.
 *
 * @param target what the reference names: the manifest itself or an index; its digest is the one to show and to keep
 * @param image the platform's manifest
 */
public record ImageResolution(ManifestDocument target, ManifestDocument.OfImage image) {
    private static final int MAX_NESTING = 3;

    /**
     * Follows {@code reference} to the manifest for {@code platform}.
     *
     * @param platform null for this machine's
     * @throws FornoException {@link ErrorKind#NOT_FOUND} when there is no such manifest, or none for the platform
     */
    public static ImageResolution of(Repository repository, Reference reference, @Nullable Platform platform) {
        ManifestDocument target = repository.manifest(reference);
        Platform wanted = platform == null ? Platform.host() : platform;
        ManifestDocument current = target;
        for (int depth = 0; depth < MAX_NESTING; depth++) {
            switch (current) {
                case ManifestDocument.OfImage image -> {
                    return new ImageResolution(target, image);
                }
                case ManifestDocument.OfIndex list -> {
                    Descriptor chosen = choose(list.index(), wanted)
                            .orElseThrow(() -> new FornoException(
                                    ErrorKind.NOT_FOUND,
                                    "no matching manifest for " + wanted + " in the manifest list entries"));
                    current = repository.manifest(reference.withDigest(chosen.contentDigest()));
                }
            }
        }
        throw new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "resolve " + reference.familiar() + ": indexes are nested deeper than " + MAX_NESTING + " levels");
    }

    /** The best entry for {@code wanted}: the highest compatible variant; an entry without platform only if nothing fits. */
    public static Optional<Descriptor> choose(Index index, Platform wanted) {
        Optional<Descriptor> fitting = index.manifests().stream()
                .filter(entry -> entry.platform() != null && wanted.accepts(entry.platform()))
                .max(Comparator.comparing(ImageResolution::variant));
        return fitting.isPresent()
                ? fitting
                : index.manifests().stream()
                        .filter(entry -> entry.platform() == null)
                        .findFirst();
    }

    private static String variant(Descriptor entry) {
        Platform platform = entry.platform();
        String variant = platform == null ? null : platform.variant();
        return variant == null ? "" : variant;
    }
}
