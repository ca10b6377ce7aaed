package dev.forno.store.layers;

import com.github.luben.zstd.ZstdIOException;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Tells damaged bytes from a failing disk. */
final class Damage {
    private Damage() {}

    /** The failure for compressed bytes that can't be decompressed, when this is one. */
    private static Optional<IOException> in(@Nullable Throwable failure) {
        return switch (failure) {
            case ZipException e -> Optional.of(e);
            case EOFException e -> Optional.of(e);
            case ZstdIOException e -> Optional.of(e);
            case FornoException e when e.getCause() instanceof IOException cause -> in(cause);
            case null, default -> Optional.empty();
        };
    }

    /** What to throw for a failure to install the layer of a blob. */
    static FornoException of(Digest blob, Exception failure) {
        Optional<IOException> damage = in(failure);
        if (damage.isPresent()) {
            return new FornoException(
                    ErrorKind.DATA_LOSS,
                    "decompress blob " + blob + ": its compressed data is damaged: "
                            + damage.get().getMessage(),
                    failure);
        }
        return translated("install layer of blob " + blob, failure);
    }

    /** What to throw for a failure to store a tar that a client brings. */
    static FornoException ofForeign(Exception failure) {
        Optional<IOException> damage = in(failure);
        if (damage.isPresent()) {
            return new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "store layer: its compressed data is damaged: "
                            + damage.get().getMessage(),
                    failure);
        }
        return translated("store layer", failure);
    }

    private static FornoException translated(String step, Exception failure) {
        return switch (failure) {
            case FornoException e -> e;
            case IOException e -> Failures.of(step, e);
            case RuntimeException e -> throw e;
            default -> new FornoException(ErrorKind.INTERNAL, step + ": " + failure.getMessage(), failure);
        };
    }
}
