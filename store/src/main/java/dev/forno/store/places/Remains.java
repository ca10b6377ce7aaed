package dev.forno.store.places;

import java.nio.file.Path;

/**
 * What has been taken out of sight, by one rename, and still holds its disk space. A crash before {@link #discard} is made up
 * for when the store is opened next.
 */
public interface Remains {
    /** Where it lies now. */
    Path path();

    /** Removes the files. Called once, and outside of locks: it may take long. */
    void discard();
}
