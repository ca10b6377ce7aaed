package dev.forno.engine.containers;

import java.util.List;
import java.util.Set;

/** Reads {@code -v source:destination[:options]} with Docker's error texts. */
final class BindSpec {
    static final Set<String> PROPAGATIONS = Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave");
    private static final Set<String> CONSISTENCY = Set.of("default", "consistent", "cached", "delegated");

    private BindSpec() {}

    static PlannedMount parse(String text) {
        List<String> parts = List.of(text.split(":", -1));
        if (parts.size() < 2
                || parts.size() > 3
                || parts.get(0).isEmpty()
                || parts.get(1).isEmpty()) {
            throw OptionChecks.invalid("invalid volume specification: '" + text + "'");
        }
        String source = parts.get(0);
        String mode = parts.size() == 3 ? parts.get(2) : "";
        boolean bind = source.startsWith("/");
        String destination = destination(text, bind ? "bind" : "volume", parts.get(1));
        Options options = options(mode, bind);
        return bind
                ? PlannedMount.bind(Paths.clean(source), destination, options.writable, mode, options.propagation)
                : PlannedMount.volume(source, destination, options.writable, mode, options.noCopy);
    }

    private static String destination(String text, String type, String path) {
        String where = "invalid volume specification: '" + text + "': invalid mount config for type \"" + type + "\": ";
        if (!path.startsWith("/")) {
            throw OptionChecks.invalid(where + "invalid mount path: '" + path + "' mount path must be absolute");
        }
        String clean = Paths.clean(path);
        if (clean.equals("/")) {
            throw OptionChecks.invalid(where + "invalid specification: destination can't be '/'");
        }
        return clean;
    }

    private record Options(boolean writable, String propagation, boolean noCopy) {}

    private static Options options(String mode, boolean bind) {
        boolean writable = true;
        boolean noCopy = false;
        String propagation = bind ? "rprivate" : "";
        if (mode.isEmpty()) {
            return new Options(true, propagation, false);
        }
        for (String option : mode.split(",", -1)) {
            if (option.equals("ro") || option.equals("rw")) {
                writable = option.equals("rw");
            } else if (option.equals("nocopy") && !bind) {
                noCopy = true;
            } else if (PROPAGATIONS.contains(option) && bind) {
                propagation = option;
            } else if (!option.equals("z") && !option.equals("Z") && !CONSISTENCY.contains(option)) {
                throw OptionChecks.invalid("invalid mode: " + mode);
            }
        }
        return new Options(writable, propagation, noCopy);
    }
}
