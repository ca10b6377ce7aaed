package dev.forno.runtime.monitors;

import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.runtime.tasks.Stats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what a task has used from its cgroup and its network namespace. */
final class StatsReader {
    /** USER_HZ, which is 100 on every architecture that Java runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private final Cgroup cgroup;
    private final int pid;

    StatsReader(Cgroup cgroup, int pid) {
        this.cgroup = cgroup;
        this.pid = pid;
    }

    Stats read() throws IOException {
        boolean v1 = cgroup.version() == CgroupVersion.V1;
        long pidsLimit = cgroup.number("pids", "pids.max").orElse(0);
        return new Stats(
                Instant.now(),
                v1 ? cpuV1() : cpuV2(),
                v1 ? memoryV1() : memoryV2(),
                new Stats.Pids(cgroup.number("pids", "pids.current").orElse(0), pidsLimit),
                v1 ? blockIoV1() : blockIoV2(cgroup.read("io", "io.stat").orElse("")),
                interfaces(text(Path.of("/proc/" + pid + "/net/dev"))));
    }

    private Stats.Cpu cpuV1() throws IOException {
        List<Long> perCpu = new ArrayList<>();
        for (String value :
                cgroup.read("cpuacct", "cpuacct.usage_percpu").orElse("").split(" ")) {
            if (!value.isEmpty()) {
                perCpu.add(Long.parseLong(value));
            }
        }
        return new Stats.Cpu(
                cgroup.number("cpuacct", "cpuacct.usage").orElse(0),
                cgroup.keyed("cpuacct", "cpuacct.stat", "user").orElse(0) * NANOS_PER_TICK,
                cgroup.keyed("cpuacct", "cpuacct.stat", "system").orElse(0) * NANOS_PER_TICK,
                perCpu,
                systemTime(),
                Runtime.getRuntime().availableProcessors(),
                cgroup.keyed("cpu", "cpu.stat", "nr_periods").orElse(0),
                cgroup.keyed("cpu", "cpu.stat", "nr_throttled").orElse(0),
                cgroup.keyed("cpu", "cpu.stat", "throttled_time").orElse(0));
    }

    private Stats.Cpu cpuV2() throws IOException {
        return new Stats.Cpu(
                cgroup.keyed("cpu", "cpu.stat", "usage_usec").orElse(0) * 1000,
                cgroup.keyed("cpu", "cpu.stat", "user_usec").orElse(0) * 1000,
                cgroup.keyed("cpu", "cpu.stat", "system_usec").orElse(0) * 1000,
                List.of(),
                systemTime(),
                Runtime.getRuntime().availableProcessors(),
                cgroup.keyed("cpu", "cpu.stat", "nr_periods").orElse(0),
                cgroup.keyed("cpu", "cpu.stat", "nr_throttled").orElse(0),
                cgroup.keyed("cpu", "cpu.stat", "throttled_usec").orElse(0) * 1000);
    }

    /** The machine's processor time: user, nice, system, idle, iowait, irq, softirq and steal, as Docker adds them. */
    private static long systemTime() throws IOException {
        String first = text(Path.of("/proc/stat")).lines().findFirst().orElse("");
        return Arrays.stream(first.split("\\s+"))
                        .skip(1)
                        .limit(8)
                        .mapToLong(Long::parseLong)
                        .sum()
                * NANOS_PER_TICK;
    }

    private Stats.Memory memoryV1() throws IOException {
        return new Stats.Memory(
                cgroup.number("memory", "memory.usage_in_bytes").orElse(0),
                cgroup.number("memory", "memory.max_usage_in_bytes").orElse(0),
                limit(cgroup.number("memory", "memory.limit_in_bytes").orElse(Long.MAX_VALUE)),
                cgroup.number("memory", "memory.failcnt").orElse(0),
                details());
    }

    private Stats.Memory memoryV2() throws IOException {
        return new Stats.Memory(
                cgroup.number("memory", "memory.current").orElse(0),
                cgroup.number("memory", "memory.peak").orElse(0),
                limit(cgroup.number("memory", "memory.max").orElse(Long.MAX_VALUE)),
                cgroup.keyed("memory", "memory.events", "max").orElse(0),
                details());
    }

    private Map<String, Long> details() throws IOException {
        Map<String, Long> details = new LinkedHashMap<>();
        cgroup.read("memory", "memory.stat").orElse("").lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                details.put(line.substring(0, space), number(line.substring(space + 1)));
            }
        });
        return details;
    }

    /** A limit above what the machine has is none. */
    private static long limit(long limit) throws IOException {
        long total = text(Path.of("/proc/meminfo"))
                        .lines()
                        .filter(l -> l.startsWith("MemTotal:"))
                        .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElse(0)
                * 1024;
        return Math.min(limit, total);
    }

    private List<Stats.BlockIo> blockIoV1() throws IOException {
        Map<String, long[]> totals = new LinkedHashMap<>();
        collect(totals, firstOf("blkio.throttle.io_service_bytes_recursive", "blkio.throttle.io_service_bytes"), 0);
        collect(totals, firstOf("blkio.throttle.io_serviced_recursive", "blkio.throttle.io_serviced"), 1);
        List<Stats.BlockIo> result = new ArrayList<>();
        totals.forEach((key, values) -> {
            String[] parts = key.split("[: ]");
            result.add(new Stats.BlockIo(
                    number(parts[0]), number(parts[1]), parts[2].toLowerCase(Locale.ROOT), values[0], values[1]));
        });
        return result;
    }

    private String firstOf(String file, String alternative) throws IOException {
        String text = cgroup.read("blkio", file).orElse("");
        return text.isEmpty() ? cgroup.read("blkio", alternative).orElse("") : text;
    }

    /** Lines as {@code 8:0 Read 4096}; the last, {@code Total 4096}, has no device. */
    private static void collect(Map<String, long[]> totals, String text, int index) {
        text.lines().forEach(line -> {
            String[] parts = line.split(" ");
            if (parts.length == 3) {
                totals.computeIfAbsent(parts[0] + " " + parts[1], k -> new long[2])[index] = number(parts[2]);
            }
        });
    }

    /** Lines as {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0}. */
    static List<Stats.BlockIo> blockIoV2(String text) {
        List<Stats.BlockIo> result = new ArrayList<>();
        text.lines().forEach(line -> {
            String[] parts = line.split("[ :]");
            Map<String, Long> values = new LinkedHashMap<>();
            for (int i = 2; i < parts.length; i++) {
                String[] pair = parts[i].split("=");
                values.put(pair[0], pair.length > 1 ? number(pair[1]) : 0);
            }
            for (String[] kind : new String[][] {{"read", "r"}, {"write", "w"}}) {
                result.add(new Stats.BlockIo(
                        number(parts[0]),
                        number(parts[1]),
                        kind[0],
                        values.getOrDefault(kind[1] + "bytes", 0L),
                        values.getOrDefault(kind[1] + "ios", 0L)));
            }
        });
        return result;
    }

    /** The lines of {@code /proc/net/dev} after two of headings, without loopback. */
    static Map<String, Stats.Interface> interfaces(String text) {
        Map<String, Stats.Interface> result = new LinkedHashMap<>();
        text.lines().skip(2).forEach(line -> {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).strip();
            if (!name.equals("lo")) {
                String[] v = line.substring(colon + 1).strip().split("\\s+");
                result.put(
                        name,
                        new Stats.Interface(
                                number(v[0]),
                                number(v[1]),
                                number(v[2]),
                                number(v[3]),
                                number(v[8]),
                                number(v[9]),
                                number(v[10]),
                                number(v[11])));
            }
        });
        return result;
    }

    private static String text(Path path) throws IOException {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
