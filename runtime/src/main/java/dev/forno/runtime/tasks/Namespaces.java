package dev.forno.runtime.tasks;

import java.nio.file.Path;

/**
 * Which namespaces the task has of its own; the mount namespace always is.
 *
 * @param network own and empty (only loopback), the host's, or one that exists
 * @param pid own, the host's, or another task's
 * @param ipc own, the host's, or another task's
 * @param uts own, the host's, or another task's
 * @param cgroup own (only on cgroup v2 by default) or the host's
 */
public record Namespaces(Choice network, Choice pid, Choice ipc, Choice uts, Choice cgroup) {
    /** All own; the cgroup namespace as Docker chooses it: own with cgroup v2, the host's with v1. */
    public static final Namespaces OWN =
            new Namespaces(new Own(), new Own(), new Own(), new Own(), new PlatformDefault());

    /** Where a namespace comes from. */
    public sealed interface Choice {}

    /** A new one. */
    public record Own() implements Choice {}

    /** The host's. */
    public record Host() implements Choice {}

    /** What the machine's cgroup version suggests; only for the cgroup namespace. */
    public record PlatformDefault() implements Choice {}

    /**
     * One that exists.
     *
     * @param path as {@code /run/forno/netns/x} or {@code /proc/123/ns/net}
     */
    public record Existing(Path path) implements Choice {}

    /** The same with another network namespace. */
    public Namespaces withNetwork(Choice newNetwork) {
        return new Namespaces(newNetwork, pid, ipc, uts, cgroup);
    }
}
