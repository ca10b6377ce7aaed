package dev.forno.engine.containers;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What containers use. Thread-safe; {@code ref} as in {@link Containers}. */
public interface ContainerStats {
    /** Reads the counters once; all 0 when the container does not run. */
    Sample sample(String ref);

    /** The processes, as {@code ps} shows them with {@code psArgs} (default {@code -ef}); one row each. */
    ProcessTable processes(String ref, List<String> psArgs);

    /**
     * Counters at one moment.
     *
     * @param cpuTotal nanoseconds, as all of {@code cpu*} but counts
     * @param systemCpu nanoseconds that all processors of the machine have spent
     * @param memoryDetails as the kernel's memory.stat names them
     * @param memoryLimit bytes: the container's limit, or the machine's memory
     */
    record Sample(
            String id,
            String name,
            Instant read,
            long cpuTotal,
            long cpuUser,
            long cpuSystem,
            List<Long> perCpu,
            long systemCpu,
            int onlineCpus,
            long throttledPeriods,
            long periods,
            long throttledTime,
            long memoryUsage,
            long memoryMax,
            long memoryLimit,
            long memoryFailures,
            Map<String, Long> memoryDetails,
            long pids,
            long pidsLimit,
            List<BlockIo> blockBytes,
            List<BlockIo> blockOperations,
            Map<String, Interface> interfaces) {}

    /** One counter of one device; {@code operation} is {@code read} or {@code write}. */
    record BlockIo(long major, long minor, String operation, long value) {}

    /** Counters of one network interface. */
    record Interface(
            long rxBytes,
            long rxPackets,
            long rxErrors,
            long rxDropped,
            long txBytes,
            long txPackets,
            long txErrors,
            long txDropped) {}

    /** A table as {@code ps} prints it. */
    record ProcessTable(List<String> titles, List<List<String>> rows) {}
}
