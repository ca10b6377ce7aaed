package dev.forno.runtime.tasks;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Resources used by a task up to a moment. */
public record Stats(
        Instant time, Cpu cpu, Memory memory, Pids pids, List<BlockIo> blockIo, Map<String, Interface> interfaces) {

    /**
     * Processor time in nanoseconds.
     *
     * @param total of the task
     * @param user of the task in user mode
     * @param kernel of the task in kernel mode
     * @param perCpu of the task on each processor; empty with cgroup v2
     * @param system of the whole machine
     * @param onlineCpus the machine's processors
     */
    public record Cpu(
            long total,
            long user,
            long kernel,
            List<Long> perCpu,
            long system,
            int onlineCpus,
            long periods,
            long throttledPeriods,
            long throttledTime) {}

    /**
     * Memory in bytes.
     *
     * @param usage all of it, page cache included
     * @param maxUsage the highest usage; 0 where the kernel doesn't tell
     * @param limit the limit, or the machine's memory without one
     * @param failures how often the limit was hit
     * @param details the kernel's counters by name, which differ between cgroup v1 and v2
     */
    public record Memory(long usage, long maxUsage, long limit, long failures, Map<String, Long> details) {}

    /**
     * Processes and threads.
     *
     * @param limit 0 for none
     */
    public record Pids(long current, long limit) {}

    /**
     * Traffic with a block device.
     *
     * @param operation {@code read}, {@code write}, …
     */
    public record BlockIo(long major, long minor, String operation, long bytes, long operations) {}

    /** Traffic of a network interface in the task's namespace. */
    public record Interface(
            long rxBytes,
            long rxPackets,
            long rxErrors,
            long rxDropped,
            long txBytes,
            long txPackets,
            long txErrors,
            long txDropped) {}
}
