package dev.forno.runtime.monitors;

import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.linux.processes.Command;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.RuntimeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the OCI runtime and the monitor and tries whether they run here. */
public final class RuntimeProbe {
    private static final List<Path> DIRECTORIES = List.of(
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"),
            Path.of("/usr/libexec/podman"),
            Path.of("/usr/lib/podman"));
    private static final Pattern VERSION = Pattern.compile("version:? ([0-9][0-9A-Za-z.+~_-]*)");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    private record Choice(String name, Path path, String version, String reason) {}

    private RuntimeProbe() {}

    /**
     * Chooses.
     *
     * @param runtime name or path of the OCI runtime; empty to prefer crun, where it runs, to runc
     * @param monitor name or path of the monitor
     */
    public static RuntimeFacts probe(Optional<String> runtime, Optional<String> monitor) {
        CgroupVersion cgroups = CgroupVersion.detect();
        List<String> warnings = new ArrayList<>();
        Choice choice = runtime.isPresent() ? named(runtime.get()) : preferred(cgroups, warnings);
        Path conmon = find(monitor.orElse("conmon"))
                .orElseThrow(() -> new FornoException(
                        ErrorKind.UNAVAILABLE,
                        "find monitor " + monitor.orElse("conmon")
                                + ": not found; install it with: apt-get install conmon"));
        String monitorVersion = version(conmon);
        requireMonitor(conmon, monitorVersion);
        return new RuntimeFacts(
                choice.name,
                choice.path,
                choice.version,
                choice.reason,
                conmon,
                monitorVersion,
                cgroups == CgroupVersion.V2 ? 2 : 1,
                Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail")),
                warnings);
    }

    /** Whether this version of the OCI runtime has the mount option {@code rro}. */
    public static boolean knowsRecursiveReadOnly(String name, String version) {
        return switch (name) {
            case "runc" -> isAtLeast(version, 1, 1);
            case "crun" -> isAtLeast(version, 1, 4);
            default -> false;
        };
    }

    private static Choice named(String runtime) {
        Path path = find(runtime)
                .orElseThrow(() ->
                        new FornoException(ErrorKind.UNAVAILABLE, "find OCI runtime " + runtime + ": no such program"));
        String name = String.valueOf(path.getFileName());
        return new Choice(name, path, version(path), "it is configured");
    }

    private static Choice preferred(CgroupVersion cgroups, List<String> warnings) {
        Optional<Path> crun = find("crun");
        Optional<Path> runc = find("runc");
        String refused = "";
        if (crun.isPresent()) {
            Optional<String> refusal = refusal(cgroups);
            if (refusal.isEmpty()) {
                return new Choice("crun", crun.get(), version(crun.get()), "it is the fastest found that runs here");
            }
            refused = "crun was passed over: " + refusal.get();
            if (runc.isEmpty()) {
                warnings.add(refused);
            }
        }
        String reason = refused.isEmpty() ? "crun is not installed" : refused;
        Path path = runc.orElseThrow(() -> new FornoException(
                ErrorKind.UNAVAILABLE,
                "find OCI runtime: " + reason + ", runc is not installed; install it with: apt-get install runc"));
        return new Choice("runc", path, version(path), reason);
    }

    /** Why crun doesn't run here: with version 1 it wants no controller on a unified hierarchy beside. */
    private static Optional<String> refusal(CgroupVersion cgroups) {
        Path unified = CgroupVersion.ROOT.resolve("unified/cgroup.controllers");
        try {
            return cgroups == CgroupVersion.V1
                            && Files.exists(unified)
                            && !Files.readString(unified).isBlank()
                    ? Optional.of("it refuses this machine's hybrid cgroups")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("read " + unified + ": " + e.getMessage());
        }
    }

    private static String version(Path program) {
        Command.Result result = run(program, "--version");
        Matcher m = VERSION.matcher(result.output());
        if (result.exitCode() != 0 || !m.find()) {
            throw new FornoException(
                    ErrorKind.UNAVAILABLE,
                    "run " + program + " --version: "
                            + (result.errors().isBlank()
                                    ? "unexpected answer"
                                    : result.errors().strip()));
        }
        return m.group(1);
    }

    private static void requireMonitor(Path conmon, String version) {
        Matcher m = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*").matcher(version);
        boolean tooOld = m.matches()
                && Integer.parseInt(m.group(1)) == 2
                && Integer.parseInt(m.group(2)) == 0
                && Integer.parseInt(m.group(3)) < 26;
        if (tooOld || !isAtLeast(version, 2, 0)) {
            throw new FornoException(
                    ErrorKind.UNAVAILABLE, "use monitor " + conmon + ": version " + version + " is older than 2.0.26");
        }
    }

    private static boolean isAtLeast(String version, int major, int minor) {
        Matcher m = NUMBERS.matcher(version);
        if (!m.matches()) {
            return false;
        }
        int first = Integer.parseInt(m.group(1));
        return first > major || (first == major && Integer.parseInt(m.group(2)) >= minor);
    }

    private static Command.Result run(Path program, String argument) {
        try {
            return Command.run(List.of(program.toString(), argument), OciRuntime.ENVIRONMENT);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, "run " + program + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "run " + program + ": interrupted", e);
        }
    }

    private static Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        return DIRECTORIES.stream()
                .map(d -> d.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
