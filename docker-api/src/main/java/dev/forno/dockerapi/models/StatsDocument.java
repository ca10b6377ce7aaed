package dev.forno.dockerapi.models;

import dev.forno.engine.containers.ContainerStats.BlockIo;
import dev.forno.engine.containers.ContainerStats.Interface;
import dev.forno.engine.containers.ContainerStats.Sample;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container's counters at one moment and at the moment before. */
@Json
public record StatsDocument(
        String name,
        String id,
        String read,
        String preread,
        @Json.Property("pids_stats") Pids pids,
        @Json.Property("blkio_stats") Blocks blocks,
        @Json.Property("num_procs") int processes,
        @Json.Property("storage_stats") Map<String, Long> storage,
        @Json.Property("cpu_stats") Cpu cpu,
        @Json.Property("precpu_stats") Cpu cpuBefore,
        @Json.Property("memory_stats") Memory memory,
        @Nullable Map<String, NetworkInterface> networks) {

    /** Processes; without limit the field is absent. */
    @Json
    public record Pids(long current, @Nullable Long limit) {}

    /** Block devices. */
    @Json
    public record Blocks(
            @Json.Property("io_service_bytes_recursive") @Nullable
            List<Block> bytes,

            @Json.Property("io_serviced_recursive") @Nullable
            List<Block> operations) {}

    /** One counter of one device. */
    @Json
    public record Block(long major, long minor, String op, long value) {}

    /** Processor time. */
    @Json
    public record Cpu(
            @Json.Property("cpu_usage") CpuUsage usage,
            @Json.Property("system_cpu_usage") @Nullable Long system,
            @Json.Property("online_cpus") @Nullable Integer online,
            @Json.Property("throttling_data") Throttling throttling) {
        static final Cpu NONE = new Cpu(new CpuUsage(0, null, 0, 0), null, null, new Throttling(0, 0, 0));
    }

    /** Nanoseconds. */
    @Json
    public record CpuUsage(
            @Json.Property("total_usage") long total,
            @Json.Property("percpu_usage") @Nullable List<Long> perCpu,
            @Json.Property("usage_in_kernelmode") long kernel,
            @Json.Property("usage_in_usermode") long user) {}

    /** How often and for how long the container was held back. */
    @Json
    public record Throttling(
            long periods,
            @Json.Property("throttled_periods") long throttledPeriods,
            @Json.Property("throttled_time") long throttledTime) {}

    /** Bytes. */
    @Json
    public record Memory(
            @Nullable Long usage,
            @Json.Property("max_usage") @Nullable Long max,
            @Nullable Map<String, Long> stats,
            @Nullable Long failcnt,
            @Nullable Long limit) {}

    /** Counters of one interface. */
    @Json
    public record NetworkInterface(
            @Json.Property("rx_bytes") long rxBytes,
            @Json.Property("rx_packets") long rxPackets,
            @Json.Property("rx_errors") long rxErrors,
            @Json.Property("rx_dropped") long rxDropped,
            @Json.Property("tx_bytes") long txBytes,
            @Json.Property("tx_packets") long txPackets,
            @Json.Property("tx_errors") long txErrors,
            @Json.Property("tx_dropped") long txDropped) {}

    /** The first document of a stream: there was nothing before. */
    public static StatsDocument of(Sample sample) {
        return document(sample, Cpu.NONE, GoTimes.rfc3339(null));
    }

    /** The document of {@code sample} with the one before it. */
    public static StatsDocument of(Sample sample, Sample before) {
        return document(sample, cpu(before), GoTimes.rfc3339(before.read()));
    }

    private static StatsDocument document(Sample sample, Cpu before, String readBefore) {
        boolean stopped = sample.pids() == 0;
        return new StatsDocument(
                "/" + sample.name(),
                sample.id(),
                GoTimes.rfc3339(sample.read()),
                readBefore,
                new Pids(sample.pids(), sample.pidsLimit() > 0 ? sample.pidsLimit() : null),
                new Blocks(blocks(sample.blockBytes()), blocks(sample.blockOperations())),
                0,
                Map.of(),
                stopped ? Cpu.NONE : cpu(sample),
                before,
                stopped
                        ? new Memory(null, null, null, null, null)
                        : new Memory(
                                sample.memoryUsage(),
                                sample.memoryMax(),
                                sample.memoryDetails(),
                                sample.memoryFailures(),
                                sample.memoryLimit()),
                sample.interfaces().isEmpty() ? null : interfaces(sample.interfaces()));
    }

    private static Cpu cpu(Sample sample) {
        return new Cpu(
                new CpuUsage(
                        sample.cpuTotal(),
                        sample.perCpu().isEmpty() ? null : sample.perCpu(),
                        sample.cpuSystem(),
                        sample.cpuUser()),
                sample.systemCpu(),
                sample.onlineCpus(),
                new Throttling(sample.periods(), sample.throttledPeriods(), sample.throttledTime()));
    }

    private static @Nullable List<Block> blocks(List<BlockIo> counters) {
        return counters.isEmpty()
                ? null
                : counters.stream()
                        .map(each -> new Block(each.major(), each.minor(), each.operation(), each.value()))
                        .toList();
    }

    private static Map<String, NetworkInterface> interfaces(Map<String, Interface> counters) {
        Map<String, NetworkInterface> result = new LinkedHashMap<>();
        counters.forEach((name, each) -> result.put(
                name,
                new NetworkInterface(
                        each.rxBytes(),
                        each.rxPackets(),
                        each.rxErrors(),
                        each.rxDropped(),
                        each.txBytes(),
                        each.txPackets(),
                        each.txErrors(),
                        each.txDropped())));
        return result;
    }
}
