package dev.forno.engine.containers;

import dev.forno.engine.containers.MountRequest.BindOptions;
import dev.forno.engine.containers.MountRequest.TmpfsOptions;
import dev.forno.engine.containers.MountRequest.VolumeOptions;
import dev.forno.engine.containers.PlannedMount.Kind;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code --mount} and {@code --tmpfs} with Docker's error texts. */
final class MountSpecs {
    private MountSpecs() {}

    static PlannedMount parse(MountRequest mount) {
        return switch (mount.type()) {
            case "bind" -> bind(mount);
            case "volume" -> volume(mount);
            case "tmpfs" -> tmpfs(mount);
            case "image", "npipe", "cluster" ->
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "create container: --mount type=" + mount.type() + " is not supported by Forno yet");
            default ->
                throw OptionChecks.invalid(
                        "invalid mount config for type \"" + mount.type() + "\": mount type unknown");
        };
    }

    private static PlannedMount bind(MountRequest mount) {
        String destination = destination(mount);
        if (mount.source().isEmpty()) {
            throw invalid(mount, "field Source must not be empty");
        }
        if (!mount.source().startsWith("/")) {
            throw invalid(mount, "invalid mount path: '" + mount.source() + "' mount path must be absolute");
        }
        if (mount.volume() != null || mount.tmpfs() != null) {
            throw invalid(
                    mount,
                    "field " + (mount.volume() != null ? "VolumeOptions" : "TmpfsOptions") + " must not be specified");
        }
        BindOptions options = mount.bind();
        String propagation = options == null || options.propagation().isEmpty() ? "rprivate" : options.propagation();
        if (!BindSpec.PROPAGATIONS.contains(propagation)) {
            throw invalid(mount, "invalid propagation mode: " + propagation);
        }
        if (options != null && options.readOnlyNonRecursive()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "create container: bind-recursive=writable is not supported by Forno yet");
        }
        if (options != null && options.readOnlyForceRecursive()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "create container: bind-recursive=readonly is not supported by Forno yet");
        }
        boolean make = options != null && options.createMountpoint();
        String source = Paths.clean(mount.source());
        if (!make && !Files.exists(Path.of(source), LinkOption.NOFOLLOW_LINKS)) {
            throw invalid(mount, "bind source path does not exist: " + mount.source());
        }
        return new PlannedMount(
                Kind.BIND,
                source,
                destination,
                !mount.readOnly(),
                "",
                propagation,
                false,
                options != null && options.nonRecursive(),
                !make,
                Map.of(),
                Map.of(),
                "");
    }

    private static PlannedMount volume(MountRequest mount) {
        String destination = destination(mount);
        if (mount.bind() != null || mount.tmpfs() != null) {
            throw invalid(
                    mount,
                    "field " + (mount.bind() != null ? "BindOptions" : "TmpfsOptions") + " must not be specified");
        }
        VolumeOptions options = mount.volume();
        if (options == null) {
            return PlannedMount.volume(mount.source(), destination, !mount.readOnly(), "", false);
        }
        if (!options.subpath().isEmpty()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "create container: volume-subpath is not supported by Forno yet");
        }
        if (!options.driver().isEmpty() && !options.driver().equals("local")) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "create container: volume driver \"" + options.driver() + "\" is not supported by Forno yet");
        }
        return new PlannedMount(
                Kind.VOLUME,
                mount.source(),
                destination,
                !mount.readOnly(),
                "",
                "",
                options.noCopy(),
                false,
                false,
                options.labels(),
                options.driverOptions(),
                "");
    }

    private static PlannedMount tmpfs(MountRequest mount) {
        String destination = destination(mount);
        if (!mount.source().isEmpty()) {
            throw invalid(mount, "field Source must not be specified");
        }
        if (mount.bind() != null || mount.volume() != null) {
            throw invalid(
                    mount,
                    "field " + (mount.bind() != null ? "BindOptions" : "VolumeOptions") + " must not be specified");
        }
        List<String> options = new ArrayList<>();
        TmpfsOptions asked = mount.tmpfs();
        if (mount.readOnly()) {
            options.add("ro");
        }
        if (asked != null) {
            if (asked.sizeBytes() < 0) {
                throw invalid(mount, "size must be positive");
            }
            if (asked.sizeBytes() > 0) {
                options.add("size=" + asked.sizeBytes());
            }
            if (asked.mode() != 0) {
                options.add("mode=" + Integer.toOctalString(asked.mode()));
            }
            asked.options().forEach(o -> options.add(String.join("=", o)));
        }
        String text = OptionChecks.tmpfs(String.join(",", options));
        return tmpfs(destination, !mount.readOnly(), text);
    }

    /** One {@code --tmpfs}. */
    static PlannedMount tmpfs(String path, String options) {
        if (!path.startsWith("/")) {
            throw OptionChecks.invalid("invalid mount path: '" + path + "' mount path must be absolute");
        }
        String clean = Paths.clean(path);
        if (clean.equals("/")) {
            throw OptionChecks.invalid("invalid specification: destination can't be '/'");
        }
        return tmpfs(clean, true, OptionChecks.tmpfs(options));
    }

    private static PlannedMount tmpfs(String destination, boolean writable, String options) {
        return new PlannedMount(
                Kind.TMPFS, "", destination, writable, "", "", false, false, false, Map.of(), Map.of(), options);
    }

    private static String destination(MountRequest mount) {
        if (mount.target().isEmpty()) {
            throw invalid(mount, "field Target must not be empty");
        }
        if (!mount.target().startsWith("/")) {
            throw invalid(mount, "invalid mount path: '" + mount.target() + "' mount path must be absolute");
        }
        String clean = Paths.clean(mount.target());
        if (clean.equals("/")) {
            throw invalid(mount, "invalid specification: destination can't be '/'");
        }
        return clean;
    }

    private static FornoException invalid(MountRequest mount, String reason) {
        return OptionChecks.invalid("invalid mount config for type \"" + mount.type() + "\": " + reason);
    }
}
