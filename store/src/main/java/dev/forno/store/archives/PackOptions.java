package dev.forno.store.archives;

import java.util.Optional;
import java.util.function.Function;

/**
 * How a tree is archived.
 *
 * @param whiteouts whether marks of overlayfs become {@code .wh.} entries, or are archived as what they are
 * @param transform may rename, change or drop (empty) every entry; a dropped directory is not entered
 */
public record PackOptions(Whiteouts whiteouts, Function<TarEntry, Optional<TarEntry>> transform) {
    /** For a tree as users see it. */
    public static PackOptions plain() {
        return new PackOptions(Whiteouts.LITERAL, Optional::of);
    }

    /** For the upper directory of an overlay. */
    public static PackOptions layer() {
        return new PackOptions(Whiteouts.OVERLAY, Optional::of);
    }

    /** The same with every entry passed through {@code change}. */
    public PackOptions transforming(Function<TarEntry, Optional<TarEntry>> change) {
        return new PackOptions(whiteouts, change);
    }
}
