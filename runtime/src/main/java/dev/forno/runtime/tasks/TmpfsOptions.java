package dev.forno.runtime.tasks;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of tmpfs mounts (tmpfs(5), mount(8)): Docker's defaults, the user's over them; of several about the same thing the last counts. */
public final class TmpfsOptions {
    private static final List<String> DEFAULTS = List.of("noexec", "nosuid", "nodev", "rprivate");

    /** Flags by what they are about. */
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("defaults", "defaults"),
            Map.entry("mand", "mand"),
            Map.entry("nomand", "mand"),
            Map.entry("ro", "write"),
            Map.entry("rw", "write"),
            Map.entry("exec", "exec"),
            Map.entry("noexec", "exec"),
            Map.entry("suid", "suid"),
            Map.entry("nosuid", "suid"),
            Map.entry("dev", "dev"),
            Map.entry("nodev", "dev"),
            Map.entry("atime", "atime"),
            Map.entry("noatime", "atime"),
            Map.entry("strictatime", "atime"),
            Map.entry("nostrictatime", "atime"),
            Map.entry("relatime", "atime"),
            Map.entry("norelatime", "atime"),
            Map.entry("diratime", "diratime"),
            Map.entry("nodiratime", "diratime"),
            Map.entry("sync", "sync"),
            Map.entry("async", "sync"),
            Map.entry("dirsync", "dirsync"),
            Map.entry("private", "propagation"),
            Map.entry("rprivate", "propagation"),
            Map.entry("shared", "propagation"),
            Map.entry("rshared", "propagation"),
            Map.entry("slave", "propagation"),
            Map.entry("rslave", "propagation"),
            Map.entry("unbindable", "propagation"),
            Map.entry("runbindable", "propagation"));

    private static final Set<String> VALUES = Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol");

    private TmpfsOptions() {}

    /** Whether a tmpfs may have the option. */
    public static boolean isKnown(String option) {
        int equals = option.indexOf('=');
        return equals < 0
                ? FLAGS.containsKey(option)
                : VALUES.contains(option.substring(0, equals)) && equals < option.length() - 1;
    }

    /** The options over the defaults; fails for one that a tmpfs can't have. */
    public static List<String> merge(List<String> options) {
        List<String> all = new ArrayList<>(DEFAULTS);
        options.stream().filter(o -> !o.isEmpty()).forEach(all::add);
        Set<String> decided = new HashSet<>();
        List<String> merged = new ArrayList<>();
        for (String option : all.reversed()) {
            if (decided.add(subject(option))) {
                merged.addFirst(option);
            }
        }
        return merged;
    }

    private static String subject(String option) {
        if (!isKnown(option)) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid tmpfs option \"" + option + "\"");
        }
        String flag = FLAGS.get(option);
        return flag == null ? option.substring(0, option.indexOf('=') + 1) : flag;
    }
}
