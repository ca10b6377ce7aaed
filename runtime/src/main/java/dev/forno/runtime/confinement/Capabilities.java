package dev.forno.runtime.confinement;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The algebra of capabilities: Docker's default set, additions and removals. */
public final class Capabilities {
    /** What a container has when the user says nothing. */
    public static final List<String> DEFAULT = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    /** All names, at the index that is the kernel's number (capability.h). */
    private static final List<String> NUMBERED = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private static final String ALL = "ALL";

    private Capabilities() {}

    /** The names in a kernel bit mask, in the kernel's order; bits without a known name are left out. */
    public static List<String> ofMask(long mask) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NUMBERED.size(); i++) {
            if ((mask >> i & 1) != 0) {
                names.add(NUMBERED.get(i));
            }
        }
        return names;
    }

    /**
     * The resulting set.
     *
     * @param available what this machine can give at all
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for a name that is unknown or not available
     */
    public static List<String> of(List<String> available, boolean privileged, List<String> add, List<String> drop) {
        if (privileged) {
            return available;
        }
        List<String> added = normalized(available, add);
        List<String> dropped = normalized(available, drop);
        List<String> result = new ArrayList<>();
        if (added.contains(ALL)) {
            result.addAll(available);
            result.removeAll(dropped);
        } else if (dropped.contains(ALL)) {
            result.addAll(added);
        } else {
            result.addAll(DEFAULT);
            // what the engine itself was denied can't be given; asking for it by name is an error, having it by default
            // isn't
            result.retainAll(available);
            result.removeAll(dropped);
            result.addAll(added);
        }
        return result.stream().distinct().toList();
    }

    private static List<String> normalized(List<String> available, List<String> names) {
        return names.stream().map(name -> normalized(available, name)).toList();
    }

    private static String normalized(List<String> available, String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.equals(ALL)) {
            return upper;
        }
        String name = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
        if (!NUMBERED.contains(name)) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "invalid capability: unknown capability: \"" + name + "\"");
        }
        if (!available.contains(name)) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid capability: capability not supported by your kernel or not available in the current environment: \""
                            + name
                            + "\"");
        }
        return name;
    }
}
