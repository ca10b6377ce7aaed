package dev.forno.runtime.tasks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task's privileges.
 *
 * @param privileged all capabilities and devices, nothing masked, no seccomp filter
 * @param capAdd capabilities to add to the default ones, with or without {@code CAP_}, or {@code ALL}
 * @param capDrop capabilities to take away, likewise
 * @param noNewPrivileges whether set-uid programs gain nothing
 * @param seccomp the system call filter
 * @param maskedPaths paths to hide, or null for Docker's
 * @param readonlyPaths paths to make read-only, or null for Docker's
 */
public record Confinement(
        boolean privileged,
        List<String> capAdd,
        List<String> capDrop,
        boolean noNewPrivileges,
        Seccomp seccomp,
        @Nullable List<String> maskedPaths,
        @Nullable List<String> readonlyPaths) {

    /** Docker's default. */
    public static final Confinement DEFAULT =
            new Confinement(false, List.of(), List.of(), false, new DefaultProfile(), null, null);

    /** Which system call filter applies. */
    public sealed interface Seccomp {}

    /** The built-in profile, which is Docker's. */
    public record DefaultProfile() implements Seccomp {}

    /** No filter. */
    public record Unconfined() implements Seccomp {}

    /**
     * A profile of the user's, in Docker's JSON format.
     *
     * @param json the profile itself
     */
    public record CustomProfile(String json) implements Seccomp {}

    /** A profile of the user's that is read from a file of the host when the task is created. */
    public record ProfileFile(Path path) implements Seccomp {}
}
