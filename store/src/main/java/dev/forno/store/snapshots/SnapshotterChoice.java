package dev.forno.store.snapshots;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which snapshotter a store is to use. */
public enum SnapshotterChoice {
    /** What the store has its layers in; for a new one, EROFS indexes where this machine can mount them, else unpacked. */
    AUTO,
    /** EROFS indexes, mounted in the best way that works. */
    EROFS,
    /** EROFS indexes, mounted through loop devices. */
    EROFS_LOOP,
    /** Layers unpacked into directories. */
    UNPACK;

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads what {@link #toString} gives; throws {@link ErrorKind#INVALID_ARGUMENT} with the possible words. */
    public static SnapshotterChoice parse(String text) {
        for (SnapshotterChoice choice : values()) {
            if (choice.toString().equals(text)) {
                return choice;
            }
        }
        throw new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "choose snapshotter \"" + text + "\": expected "
                        + Arrays.stream(values())
                                .map(SnapshotterChoice::toString)
                                .collect(Collectors.joining(", ")));
    }
}
