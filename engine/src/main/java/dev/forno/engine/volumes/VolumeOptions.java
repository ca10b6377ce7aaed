package dev.forno.engine.volumes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of the driver {@code local}: for now a host directory ({@code type=none, o=bind, device=/path}). */
final class VolumeOptions {
    private static final Set<String> KNOWN = Set.of("type", "o", "device");

    private VolumeOptions() {}

    /** Throws for options that don't exist, and for those that are not in yet. */
    static void check(String name, Map<String, String> options) {
        for (String key : options.keySet()) {
            if (!KNOWN.contains(key)) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "create " + name + ": invalid option: \"" + key + "\"");
            }
        }
        if (options.isEmpty()) {
            return;
        }
        String device = options.getOrDefault("device", "");
        if (!isBind(options) || !device.startsWith("/")) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "create " + name + ": of the options of local volumes only type=none, o=bind, device=/path is"
                            + " supported by Forno yet");
        }
    }

    /** The host directory that the options name. */
    static Optional<Path> boundDirectory(Volume volume) {
        return isBind(volume.options())
                ? Optional.of(Path.of(volume.options().getOrDefault("device", "")))
                : Optional.empty();
    }

    /** Whether the volume's content is in its own directory. */
    static boolean isLocal(Volume volume) {
        return boundDirectory(volume).isEmpty();
    }

    private static boolean isBind(Map<String, String> options) {
        List<String> o = List.of(options.getOrDefault("o", "").split(",", -1));
        return options.getOrDefault("type", "none").equals("none")
                && (o.equals(List.of("bind")) || o.equals(List.of("rbind")));
    }
}
