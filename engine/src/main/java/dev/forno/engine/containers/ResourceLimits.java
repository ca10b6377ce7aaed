package dev.forno.engine.containers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Translates limits into the runtime's, where null is "not set". */
final class ResourceLimits {
    private static final long PERIOD = 100_000;

    private ResourceLimits() {}

    static dev.forno.runtime.tasks.Resources of(Resources r) {
        boolean byCount = r.nanoCpus() > 0;
        return new dev.forno.runtime.tasks.Resources(
                positive(r.memory()),
                r.memorySwap() != 0 ? Long.valueOf(r.memorySwap()) : positive(2 * r.memory()), // Docker's default
                positive(r.memoryReservation()),
                r.memorySwappiness() != null && r.memorySwappiness() < 0 ? null : r.memorySwappiness(),
                r.oomKillDisable(),
                positive(r.cpuShares()),
                byCount ? Long.valueOf(r.nanoCpus() * PERIOD / 1_000_000_000L) : notZero(r.cpuQuota()),
                byCount ? Long.valueOf(PERIOD) : positive(r.cpuPeriod()),
                text(r.cpusetCpus()),
                text(r.cpusetMems()),
                pids(r.pidsLimit()),
                r.blkioWeight() > 0 ? Integer.valueOf(r.blkioWeight()) : null,
                List.of());
    }

    private static @Nullable Long pids(@Nullable Long limit) {
        return limit == null || limit == 0 ? null : limit < 0 ? Long.valueOf(-1) : limit;
    }

    private static @Nullable Long positive(long value) {
        return value > 0 ? Long.valueOf(value) : null;
    }

    private static @Nullable Long notZero(long value) {
        return value != 0 ? Long.valueOf(value) : null;
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    /** The limits after an update: what is given replaces what was. */
    static Resources updated(Resources old, Resources change) {
        return new Resources(
                pick(change.memory(), old.memory()),
                pick(change.memorySwap(), old.memorySwap()),
                pick(change.memoryReservation(), old.memoryReservation()),
                old.kernelMemory(),
                change.memorySwappiness() == null ? old.memorySwappiness() : change.memorySwappiness(),
                change.oomKillDisable() == null ? old.oomKillDisable() : change.oomKillDisable(),
                old.oomScoreAdj(),
                pick(change.cpuShares(), old.cpuShares()),
                pick(change.cpuPeriod(), change.nanoCpus() > 0 ? 0 : old.cpuPeriod()),
                pick(change.cpuQuota(), change.nanoCpus() > 0 ? 0 : old.cpuQuota()),
                pick(change.nanoCpus(), change.cpuPeriod() > 0 || change.cpuQuota() > 0 ? 0 : old.nanoCpus()),
                old.cpuRealtimePeriod(),
                old.cpuRealtimeRuntime(),
                change.cpusetCpus().isEmpty() ? old.cpusetCpus() : change.cpusetCpus(),
                change.cpusetMems().isEmpty() ? old.cpusetMems() : change.cpusetMems(),
                change.pidsLimit() == null ? old.pidsLimit() : change.pidsLimit(),
                change.blkioWeight() == 0 ? old.blkioWeight() : change.blkioWeight(),
                old.blkioDeviceLimits(),
                old.cgroupParent(),
                old.devices(),
                old.deviceCgroupRules(),
                old.deviceRequests(),
                old.ulimits());
    }

    private static long pick(long change, long old) {
        return change == 0 ? old : change;
    }
}
