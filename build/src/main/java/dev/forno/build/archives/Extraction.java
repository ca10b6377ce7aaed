package dev.forno.build.archives;

import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Extracts archives of users: bounded, and with owners as the build wants them. For one thread. */
public final class Extraction {
    /**
     * What differs from the archive.
     *
     * @param uid the owner of everything, or null to keep the archive's
     * @param gid the group of everything, or null to keep the archive's
     * @param devices whether devices are made, else left out
     */
    public record Overrides(@Nullable Integer uid, @Nullable Integer gid, boolean devices) {}

    private final Overrides overrides;
    private final ExtractionLimits limits;
    private long entries;
    private long bytes;

    private Extraction(Overrides overrides, ExtractionLimits limits) {
        this.overrides = overrides;
        this.limits = limits;
    }

    /**
     * Extracts {@code tar}, uncompressed, below {@code base}, which is made when it is missing and whose own attributes stay.
     * Throws {@link ErrorKind#INVALID_ARGUMENT} for a malformed archive and {@link ErrorKind#RESOURCE_EXHAUSTED} beyond the
     * limits.
     */
    public static void extract(InputStream tar, Root root, String base, Overrides overrides, ExtractionLimits limits)
            throws IOException {
        Extraction extraction = new Extraction(overrides, limits);
        root.mkdirAll(base, 0755);
        try (Extractor extractor =
                new Extractor(root, base, ExtractOptions.plain().transforming(extraction::change))) {
            extractor.extract(new TarReader(tar));
        }
    }

    private Optional<TarEntry> change(TarEntry entry) {
        bytes += entry.size();
        if (++entries > limits.entries() || bytes > limits.bytes()) {
            throw new FornoException(
                    ErrorKind.RESOURCE_EXHAUSTED,
                    "extract archive: more than " + limits.entries() + " entries or " + limits.bytes() + " bytes");
        }
        boolean device =
                switch (entry.type()) {
                    case CHARACTER_DEVICE, BLOCK_DEVICE -> true;
                    case FILE, HARD_LINK, SYMLINK, DIRECTORY, FIFO -> false;
                };
        if (isTop(entry.name()) || (device && !overrides.devices())) {
            return Optional.empty();
        }
        Integer uid = overrides.uid();
        Integer gid = overrides.gid();
        return Optional.of(
                uid == null && gid == null
                        ? entry
                        : entry.withOwner(uid == null ? entry.uid() : uid, gid == null ? entry.gid() : gid));
    }

    /** Whether a name means the archive's own top directory: nothing but dots and slashes. */
    private static boolean isTop(String name) {
        return name.chars().allMatch(c -> c == '.' || c == '/') && !name.contains("..");
    }
}
