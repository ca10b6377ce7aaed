package dev.forno.runtime.bundles;

import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.runtime.confinement.Capabilities;
import dev.forno.runtime.confinement.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What bundles depend on besides the task: the machine and what this process may do on it.
 *
 * @param capabilities the most that can be given: this process' bounding set
 * @param canRaiseLimits whether limits above this process' own can be given (CAP_SYS_RESOURCE)
 * @param hardLimits this process' hard limits by name as in {@code nofile}; -1 is unlimited
 * @param oomScoreAdjust this process' own
 * @param recursiveReadOnly whether kernel and OCI runtime can make a mount read-only with all below it
 * @param sysctls default kernel parameters that exist here
 */
public record HostFacts(
        Machine machine,
        CgroupVersion cgroups,
        List<String> capabilities,
        boolean canRaiseLimits,
        Map<String, Long> hardLimits,
        int oomScoreAdjust,
        boolean recursiveReadOnly,
        Map<String, String> sysctls) {
    private static final int CAP_SYS_RESOURCE = 24;

    private static final Map<String, String> LIMIT_NAMES = Map.ofEntries(
            Map.entry("Max cpu time", "cpu"),
            Map.entry("Max file size", "fsize"),
            Map.entry("Max data size", "data"),
            Map.entry("Max stack size", "stack"),
            Map.entry("Max core file size", "core"),
            Map.entry("Max resident set", "rss"),
            Map.entry("Max processes", "nproc"),
            Map.entry("Max open files", "nofile"),
            Map.entry("Max locked memory", "memlock"),
            Map.entry("Max address space", "as"),
            Map.entry("Max file locks", "locks"),
            Map.entry("Max pending signals", "sigpending"),
            Map.entry("Max msgqueue size", "msgqueue"),
            Map.entry("Max nice priority", "nice"),
            Map.entry("Max realtime priority", "rtprio"),
            Map.entry("Max realtime timeout", "rttime"));

    /** Docker's: unprivileged ping, and unprivileged binding of ports below 1024. */
    private static final Map<String, String> DEFAULT_SYSCTLS =
            Map.of("net.ipv4.ping_group_range", "0 2147483647", "net.ipv4.ip_unprivileged_port_start", "0");

    /**
     * This machine.
     *
     * @param recursiveReadOnly whether the OCI runtime knows recursive read-only mounts
     */
    public static HostFacts read(boolean recursiveReadOnly) {
        try {
            Machine machine = Machine.host();
            long bounding = mask("CapBnd:");
            return new HostFacts(
                    machine,
                    CgroupVersion.detect(),
                    Capabilities.ofMask(bounding),
                    (mask("CapEff:") >> CAP_SYS_RESOURCE & 1) != 0,
                    limits(),
                    Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj"))
                            .strip()),
                    recursiveReadOnly && (machine.kernel() > 5 || (machine.kernel() == 5 && machine.revision() >= 12)),
                    existingSysctls());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long mask(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field)) {
                return Long.parseUnsignedLong(line.substring(field.length()).strip(), 16);
            }
        }
        return 0;
    }

    private static Map<String, Long> limits() throws IOException {
        Map<String, Long> limits = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            LIMIT_NAMES.forEach((title, name) -> {
                if (line.startsWith(title)) {
                    String hard = line.substring(title.length()).strip().split("\\s+")[1];
                    limits.put(name, hard.equals("unlimited") ? -1 : Long.parseLong(hard));
                }
            });
        }
        return limits;
    }

    private static Map<String, String> existingSysctls() {
        Map<String, String> found = new HashMap<>();
        DEFAULT_SYSCTLS.forEach((name, value) -> {
            if (Files.exists(Path.of("/proc/sys", name.split("\\.")))) {
                found.put(name, value);
            }
        });
        return found;
    }
}
