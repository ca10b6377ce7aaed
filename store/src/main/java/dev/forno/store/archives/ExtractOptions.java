package dev.forno.store.archives;

import java.util.Optional;
import java.util.function.Function;

/**
 * How an archive is extracted.
 *
 * @param whiteouts what {@code .wh.} entries mean
 * @param keepDirectories refuse to replace an existing directory by a file, and a file by a directory
 * @param transform may rename, change or drop (empty) every entry before it is extracted
 */
public record ExtractOptions(
        Whiteouts whiteouts, boolean keepDirectories, Function<TarEntry, Optional<TarEntry>> transform) {
    /** For an ordinary archive: everything as it is, over what exists. */
    public static ExtractOptions plain() {
        return new ExtractOptions(Whiteouts.LITERAL, false, Optional::of);
    }

    /** For the tar of a layer. */
    public static ExtractOptions layer() {
        return new ExtractOptions(Whiteouts.OVERLAY, false, Optional::of);
    }

    /** The same with files and directories not replacing each other. */
    public ExtractOptions keepingDirectories() {
        return new ExtractOptions(whiteouts, true, transform);
    }

    /** The same with every entry passed through {@code change}. */
    public ExtractOptions transforming(Function<TarEntry, Optional<TarEntry>> change) {
        return new ExtractOptions(whiteouts, keepDirectories, change);
    }
}
