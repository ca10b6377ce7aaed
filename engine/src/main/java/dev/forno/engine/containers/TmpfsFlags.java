package dev.forno.engine.containers;

import java.util.Set;

/** Mount options that a tmpfs may have (tmpfs(5), mount(8)). */
final class TmpfsFlags {
    private static final Set<String> FLAGS = Set.of(
            "rw",
            "ro",
            "exec",
            "noexec",
            "suid",
            "nosuid",
            "dev",
            "nodev",
            "sync",
            "async",
            "dirsync",
            "atime",
            "noatime",
            "diratime",
            "nodiratime",
            "relatime",
            "norelatime",
            "strictatime",
            "nostrictatime",
            "mand",
            "nomand",
            "private",
            "rprivate",
            "shared",
            "rshared",
            "slave",
            "rslave",
            "unbindable",
            "runbindable",
            "defaults");
    private static final Set<String> VALUES = Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol");

    private TmpfsFlags() {}

    /** The same text; throws with Docker's text for an option that a tmpfs does not have. */
    static String checked(String options) {
        if (options.isEmpty()) {
            return options;
        }
        for (String option : options.split(",", -1)) {
            int equals = option.indexOf('=');
            boolean known = equals < 0
                    ? FLAGS.contains(option)
                    : VALUES.contains(option.substring(0, equals)) && equals < option.length() - 1;
            if (!known) {
                throw OptionChecks.invalid("invalid tmpfs option [\"" + option + "\"]");
            }
        }
        return options;
    }
}
