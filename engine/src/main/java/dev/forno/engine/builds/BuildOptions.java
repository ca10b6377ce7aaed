package dev.forno.engine.builds;

import dev.forno.build.solvers.RunOptions;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.ProcessSpec.Rlimit;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Translates a request's options into those of RUN steps, and refuses what isn't there. */
final class BuildOptions {
    private BuildOptions() {}

    /** What was asked for and changes nothing here, so that nobody waits for its effect. */
    static List<String> notices(BuildRequest request) {
        List<String> notices = new ArrayList<>();
        if (!request.cacheFrom().isEmpty()) {
            notices.add("--cache-from " + String.join(", ", request.cacheFrom())
                    + " has no effect yet: the engine's own build cache is used, pulled images are not");
        }
        if (!request.removeContainers()) {
            notices.add("--rm=false has no effect: no containers of steps are kept");
        }
        return notices;
    }

    static List<Reference> names(List<String> tags) {
        return tags.stream()
                .filter(tag -> !tag.isEmpty())
                .map(tag -> {
                    Reference reference = Reference.parse(tag);
                    if (reference.digest() != null) {
                        throw invalid("build tag cannot contain a digest");
                    }
                    return reference.withDefaultTag();
                })
                .distinct()
                .toList();
    }

    static RunOptions of(BuildRequest request) {
        BuildResources limits = request.resources();
        Resources resources = new Resources(
                positive(limits.memory()),
                limits.memorySwap() == 0 ? null : limits.memorySwap(),
                null,
                null,
                null,
                positive(limits.cpuShares()),
                positive(limits.cpuQuota()),
                positive(limits.cpuPeriod()),
                text(limits.cpusetCpus()),
                text(limits.cpusetMems()),
                null,
                null,
                List.of());
        return new RunOptions(
                network(request.networkMode()),
                request.extraHosts(),
                resources,
                limits.ulimits().stream().map(BuildOptions::rlimit).toList(),
                limits.shmSize() > 0 ? limits.shmSize() : TaskSpec.DEFAULT_SHM_SIZE,
                text(limits.cgroupParent()),
                confinement(request.securityOptions()));
    }

    private static @Nullable Long positive(long value) {
        return value > 0 ? value : null;
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static String network(String mode) {
        return switch (mode) {
            case "", "default", "bridge" -> "bridge";
            case "none", "host" -> mode;
            default ->
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "build with network mode " + mode + ": only bridge, host and none are in this version");
        };
    }

    private static Rlimit rlimit(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw invalid("invalid ulimit argument: " + text);
        }
        String[] values = text.substring(equals + 1).split(":", 2);
        try {
            long soft = Long.parseLong(values[0]);
            return new Rlimit(text.substring(0, equals), soft, values.length > 1 ? Long.parseLong(values[1]) : soft);
        } catch (NumberFormatException e) {
            throw invalid("invalid ulimit argument: " + text);
        }
    }

    private static Confinement confinement(List<String> options) {
        Confinement.Seccomp seccomp = new Confinement.DefaultProfile();
        boolean noNewPrivileges = false;
        for (String option : options) {
            switch (option) {
                case "seccomp=unconfined", "seccomp:unconfined" -> seccomp = new Confinement.Unconfined();
                case "no-new-privileges", "no-new-privileges:true", "no-new-privileges=true" -> noNewPrivileges = true;
                default ->
                    throw new FornoException(
                            ErrorKind.NOT_IMPLEMENTED,
                            "build with --security-opt " + option + " is not in this version");
            }
        }
        return new Confinement(false, List.of(), List.of(), noNewPrivileges, seccomp, null, null);
    }

    private static FornoException invalid(String message) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
