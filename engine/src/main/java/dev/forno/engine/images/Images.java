package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    default Image resolve(String name) {
        return resolve(name, null);
    }

    /**
     * The image of that name for a platform.
     *
     * @param platform null for this machine's where the name has it, else any
     * @see ErrorKind#NOT_FOUND also when there is none for the platform
     */
    Image resolve(String name, @Nullable Platform platform);

    /** Everything known about the image of that name. */
    default ImageDetails inspect(String name) {
        return inspect(name, null);
    }

    /** Everything known about the image of that name for a platform, as for {@link #resolve(String, Platform)}. */
    ImageDetails inspect(String name, @Nullable Platform platform);

    /** The steps that made the image, newest first. */
    default List<HistoryEntry> history(String name) {
        return history(name, null);
    }

    /** The steps that made the image for a platform, as for {@link #resolve(String, Platform)}. */
    List<HistoryEntry> history(String name, @Nullable Platform platform);

    /** Gives the image another name, taking that name from the image which had it. {@code target} needs a tag. */
    void tag(String name, Reference target);
}
