package dev.forno.engine.system;

import dev.forno.engine.system.EngineDescription.Cgroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which limits this machine's control groups can set. */
final class CgroupFacts {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private CgroupFacts() {}

    static Cgroups of(int version) {
        return version == 2 ? unified() : legacy();
    }

    private static Cgroups unified() {
        List<String> controllers = List.of(
                MachineFacts.read(ROOT.resolve("cgroup.controllers").toString()).split(" ", -1));
        boolean memory = controllers.contains("memory");
        boolean cpu = controllers.contains("cpu");
        return new Cgroups(
                "cgroupfs",
                "2",
                memory,
                memory,
                cpu,
                cpu,
                controllers.contains("cpuset"),
                controllers.contains("pids"),
                false);
    }

    private static Cgroups legacy() {
        boolean memory = has("memory", "memory.limit_in_bytes");
        return new Cgroups(
                "cgroupfs",
                "1",
                memory,
                has("memory", "memory.memsw.limit_in_bytes"),
                has("cpu", "cpu.cfs_quota_us"),
                has("cpu", "cpu.shares"),
                has("cpuset", "cpuset.cpus"),
                Files.isDirectory(ROOT.resolve("pids")),
                has("memory", "memory.oom_control"));
    }

    private static boolean has(String controller, String file) {
        return Files.exists(ROOT.resolve(controller).resolve(file));
    }
}
