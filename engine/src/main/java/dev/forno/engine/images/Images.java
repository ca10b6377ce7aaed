package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.Reference;
import java.util.List;

/**
 * The images of the engine and their names. Thread-safe.
 *
 * <p>A parameter {@code name} is what a user writes: a reference (completed with {@code :latest}), {@code name@digest}, an id
 * with or without {@code sha256:}, or the unambiguous beginning of an id. Every method throws {@link ErrorKind#NOT_FOUND} with
 * Docker's text {@code No such image: …} when there is no such image.
 */
public interface Images {
    /** The images that {@code filter} takes, newest first. */
    List<ImageSummary> list(ImageFilter filter);

    /** The image of that name, to make a container or another image from it. */
    Image resolve(String name);

    /** Everything known about the image of that name. */
    ImageDetails inspect(String name);

    /** The steps that made the image, newest first. */
    List<HistoryEntry> history(String name);

    /** Gives the image another name, taking that name from the image which had it. {@code target} needs a tag. */
    void tag(String name, Reference target);
}
