package dev.forno.engine.containers;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kernel's capabilities by name (capabilities(7)). */
final class Capabilities {
    private static final Set<String> KNOWN = Set.of(
            "AUDIT_CONTROL",
            "AUDIT_READ",
            "AUDIT_WRITE",
            "BLOCK_SUSPEND",
            "BPF",
            "CHECKPOINT_RESTORE",
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "IPC_LOCK",
            "IPC_OWNER",
            "KILL",
            "LEASE",
            "LINUX_IMMUTABLE",
            "MAC_ADMIN",
            "MAC_OVERRIDE",
            "MKNOD",
            "NET_ADMIN",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_RAW",
            "PERFMON",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYSLOG",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_CHROOT",
            "SYS_MODULE",
            "SYS_NICE",
            "SYS_PACCT",
            "SYS_PTRACE",
            "SYS_RAWIO",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "WAKE_ALARM");

    private Capabilities() {}

    /** Throws for names that don't exist. */
    static void check(HostOptions.SecurityOptions security) {
        check("CapAdd", security.capAdd());
        check("CapDrop", security.capDrop());
    }

    private static void check(String field, List<String> names) {
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            String bare = upper.startsWith("CAP_") ? upper.substring("CAP_".length()) : upper;
            if (!bare.equals("ALL") && !KNOWN.contains(bare)) {
                throw OptionChecks.invalid("invalid " + field + ": unknown capability: \"CAP_" + bare + "\"");
            }
        }
    }
}
