package dev.forno.runtime.confinement;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.oci.RuntimeSpec;
import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A system call filter in Docker's format, whose rules may depend on the machine and the capabilities; {@link #evaluate}
 * gives the filter for one container.
 */
@Json
public record SeccompProfile(
        @Nullable String defaultAction,
        @Nullable Integer defaultErrnoRet,
        @Nullable List<String> architectures,
        @Nullable List<ArchitectureFamily> archMap,
        @Nullable List<String> flags,
        @Nullable String listenerPath,
        @Nullable String listenerMetadata,
        @Nullable List<Rule> syscalls) {
    private static final class Lazy {
        static final JsonType<SeccompProfile> JSON = JsonBinding.of(SeccompProfile.class);
        static final SeccompProfile BUILT_IN = readBuiltIn();
    }

    /** A processor architecture and those whose programs it runs as well. */
    @Json
    public record ArchitectureFamily(
            String architecture, @Nullable List<String> subArchitectures) {}

    /** What happens to some system calls, and when the rule applies. */
    @Json
    public record Rule(
            @Nullable String name,
            @Nullable List<String> names,
            String action,
            @Nullable Integer errnoRet,
            @Nullable List<RuntimeSpec.SeccompArgument> args,
            @Nullable Condition includes,
            @Nullable Condition excludes) {}

    /** A condition: on capabilities, architecture (GOARCH) and kernel version. */
    @Json
    public record Condition(
            @Nullable List<String> caps,
            @Nullable List<String> arches,
            @Nullable String minKernel) {}

    /** The default profile, which is Docker's. */
    public static SeccompProfile builtIn() {
        return Lazy.BUILT_IN;
    }

    /** Reads a user's profile; throws {@link ErrorKind#INVALID_ARGUMENT} when it is not one. */
    public static SeccompProfile parse(String json) {
        SeccompProfile profile;
        try {
            profile = Lazy.JSON.fromJson(json);
        } catch (RuntimeException e) {
            throw invalid("Decoding seccomp profile failed: " + e.getMessage());
        }
        if (profile == null) {
            throw invalid("Decoding seccomp profile failed: it is null");
        }
        return profile;
    }

    /**
     * The filter for a container with these capabilities on this machine; empty when the profile says nothing at all.
     *
     * @param capabilities the bounding set
     */
    public Optional<RuntimeSpec.Seccomp> evaluate(Machine machine, List<String> capabilities) {
        List<Rule> rules = syscalls == null ? List.of() : syscalls;
        if (defaultAction == null || defaultAction.isEmpty()) {
            if (rules.isEmpty()) {
                return Optional.empty();
            }
            throw invalid("seccomp profile has no defaultAction");
        }
        List<RuntimeSpec.SeccompRule> kept = new ArrayList<>();
        for (Rule rule : rules) {
            if (applies(rule, machine, capabilities)) {
                kept.add(new RuntimeSpec.SeccompRule(namesOf(rule), rule.action, rule.errnoRet, rule.args));
            }
        }
        return Optional.of(new RuntimeSpec.Seccomp(
                defaultAction, defaultErrnoRet, architecturesOn(machine), flags, listenerPath, listenerMetadata, kept));
    }

    private List<String> architecturesOn(Machine machine) {
        List<String> fixed = architectures == null ? List.of() : architectures;
        List<ArchitectureFamily> families = archMap == null ? List.of() : archMap;
        if (!fixed.isEmpty() && !families.isEmpty()) {
            throw invalid("both 'architectures' and 'archMap' are specified in the seccomp profile, use either"
                    + " 'architectures' or 'archMap'");
        }
        if (!fixed.isEmpty()) {
            return fixed;
        }
        List<String> result = new ArrayList<>();
        for (ArchitectureFamily family : families) {
            if (family.architecture.equals(machine.seccompArchitecture())) {
                result.add(family.architecture);
                result.addAll(family.subArchitectures == null ? List.of() : family.subArchitectures);
                break;
            }
        }
        return result;
    }

    private static List<String> namesOf(Rule rule) {
        List<String> names = rule.names == null ? List.of() : rule.names;
        if (rule.name == null || rule.name.isEmpty()) {
            return names;
        }
        if (!names.isEmpty()) {
            throw invalid("both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'");
        }
        return List.of(rule.name);
    }

    private static boolean applies(Rule rule, Machine machine, List<String> capabilities) {
        Condition excludes = rule.excludes;
        if (excludes != null
                && (orEmpty(excludes.arches).contains(machine.architecture())
                        || orEmpty(excludes.caps).stream().anyMatch(capabilities::contains)
                        || (excludes.minKernel != null && machine.kernelIsAtLeast(excludes.minKernel)))) {
            return false;
        }
        Condition includes = rule.includes;
        return includes == null
                || ((orEmpty(includes.arches).isEmpty()
                                || orEmpty(includes.arches).contains(machine.architecture()))
                        && capabilities.containsAll(orEmpty(includes.caps))
                        && (includes.minKernel == null || machine.kernelIsAtLeast(includes.minKernel)));
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private static SeccompProfile readBuiltIn() {
        try (InputStream in = SeccompProfile.class.getResourceAsStream("seccomp.json")) {
            if (in == null) {
                throw new IllegalStateException("the resource seccomp.json is missing");
            }
            SeccompProfile profile = Lazy.JSON.fromJson(in.readAllBytes());
            if (profile == null) {
                throw new IllegalStateException("the resource seccomp.json is null");
            }
            return profile;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FornoException invalid(String message) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
