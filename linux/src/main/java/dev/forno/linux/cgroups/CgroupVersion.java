package dev.forno.linux.cgroups;

import java.nio.file.Files;
import java.nio.file.Path;

/** How the machine's control groups are mounted. */
public enum CgroupVersion {
    /** One hierarchy per controller, perhaps with an empty unified one beside. */
    V1,
    /** The unified hierarchy. */
    V2;

    /** Where they are mounted. */
    public static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** What this machine has. */
    public static CgroupVersion detect() {
        return Files.exists(ROOT.resolve("cgroup.controllers")) ? V2 : V1;
    }
}
