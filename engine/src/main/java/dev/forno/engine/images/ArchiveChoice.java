package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses those of an archive's images that are wanted. */
final class ArchiveChoice {
    private final ArchiveContents contents;

    ArchiveChoice(ArchiveContents contents) {
        this.contents = contents;
    }

    /**
     * All images, or those for a platform: of an index the one of the highest variant that runs there.
     *
     * @throws FornoException {@link ErrorKind#NOT_FOUND} when there is none
     */
    List<ArchiveImage> of(@Nullable Platform platform) {
        List<ArchiveImage> all = ArchiveImage.of(contents);
        if (platform == null) {
            return all;
        }
        Map<String, ArchiveImage> chosen = new LinkedHashMap<>();
        for (ArchiveImage image : all) {
            if (platform(image).filter(platform::accepts).isPresent()) {
                Descriptor whole = image.whole();
                String group = whole == null ? "image " + chosen.size() : whole.digest();
                chosen.merge(group, image, (best, next) -> isHigher(next, best) ? next : best);
            }
        }
        if (chosen.isEmpty()) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND, "load images: the archive has no image for the platform " + platform);
        }
        return List.copyOf(chosen.values());
    }

    private Optional<Platform> platform(ArchiveImage image) {
        return contents.document(image.config())
                .map(bytes -> Documents.imageConfig(bytes).platform());
    }

    private boolean isHigher(ArchiveImage image, ArchiveImage than) {
        return platform(image)
                .flatMap(mine ->
                        platform(than).map(theirs -> Platform.byVariant().compare(mine, theirs) > 0))
                .orElse(false);
    }
}
