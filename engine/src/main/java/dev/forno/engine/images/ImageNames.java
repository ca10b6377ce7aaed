package dev.forno.engine.images;

import dev.forno.engine.images.records.NameRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the image that a user's text means, in Docker's order: complete id, name, beginning of an id. */
final class ImageNames {
    private static final Pattern COMPLETE_ID = Pattern.compile("(?:sha256:)?([a-f0-9]{64})");
    private static final Pattern PARTIAL_ID = Pattern.compile("(?:sha256:)?([a-f0-9]{1,64})");

    private final Catalog catalog;

    ImageNames(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The image's id; throws {@link ErrorKind#NOT_FOUND} with Docker's text. */
    Digest resolve(String text) {
        var complete = COMPLETE_ID.matcher(text);
        if (complete.matches()) {
            Digest id = new Digest(Digest.SHA256, complete.group(1));
            return catalog.image(id).map(image -> id).orElseThrow(() -> notFound(id.toString()));
        }
        Reference reference = Reference.parse(text);
        Optional<NameRecord> named = catalog.name(reference);
        if (named.isPresent()) {
            return Digest.parse(named.get().image());
        }
        return byPrefix(text)
                .orElseThrow(() -> notFound(reference.withDefaultTag().familiar()));
    }

    /**
     * The image for a platform; throws {@link ErrorKind#NOT_FOUND} with Docker's text when there is none.
     *
     * @param platform null for the one that is meant without
     */
    Digest resolve(String text, @Nullable Platform platform) {
        Digest id = resolve(text);
        if (platform == null) {
            return id;
        }
        Optional<Digest> chosen = quotesId(text, id)
                ? Optional.of(id)
                        .filter(one -> platform.accepts(catalog.config(one).platform()))
                : catalog.name(Reference.parse(text))
                        .flatMap(name -> catalog.choose(name, platform))
                        .map(one -> Digest.parse(one.image()));
        return chosen.orElseThrow(() -> new FornoException(
                ErrorKind.NOT_FOUND,
                "image with reference " + text + " was found but does not provide the specified platform (" + platform
                        + ")"));
    }

    /** Whether the text quotes the image's id rather than a name. */
    static boolean quotesId(String text, Digest id) {
        return id.toString().startsWith(text) || id.hex().startsWith(text);
    }

    static FornoException notFound(String shown) {
        return new FornoException(ErrorKind.NOT_FOUND, "No such image: " + shown);
    }

    private Optional<Digest> byPrefix(String text) {
        var partial = PARTIAL_ID.matcher(text);
        if (!partial.matches()) {
            return Optional.empty();
        }
        List<Digest> found = catalog.snapshot().images().keySet().stream()
                .filter(id -> id.hex().startsWith(partial.group(1)))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
}
