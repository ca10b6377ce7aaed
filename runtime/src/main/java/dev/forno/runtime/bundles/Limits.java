package dev.forno.runtime.bundles;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Limits of a task and of its process. */
public final class Limits {
    private static final BigInteger UNLIMITED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Limits() {}

    /** The limits of a task; {@code devices} is null in an update. */
    public static RuntimeSpec.Resources of(Resources limits, @Nullable List<RuntimeSpec.DeviceRule> devices) {
        return new RuntimeSpec.Resources(
                devices,
                new RuntimeSpec.Memory(
                        limits.memory(),
                        limits.memoryReservation(),
                        limits.memorySwap(),
                        limits.memorySwappiness(),
                        limits.oomKillDisable()),
                new RuntimeSpec.Cpu(
                        limits.cpuShares(),
                        limits.cpuQuota(),
                        limits.cpuPeriod(),
                        limits.cpusetCpus(),
                        limits.cpusetMems()),
                limits.pids() == null ? null : new RuntimeSpec.Pids(limits.pids()),
                blockIo(limits));
    }

    private static RuntimeSpec.@Nullable BlockIo blockIo(Resources limits) {
        if (limits.blkioWeight() == null && limits.throttles().isEmpty()) {
            return null;
        }
        return new RuntimeSpec.BlockIo(
                limits.blkioWeight(),
                throttles(limits, Resources.ThrottleKind.READ_BYTES),
                throttles(limits, Resources.ThrottleKind.WRITE_BYTES),
                throttles(limits, Resources.ThrottleKind.READ_OPERATIONS),
                throttles(limits, Resources.ThrottleKind.WRITE_OPERATIONS));
    }

    private static List<RuntimeSpec.Throttle> throttles(Resources limits, Resources.ThrottleKind kind) {
        return limits.throttles().stream()
                .filter(t -> t.kind() == kind)
                .map(t -> DeviceNodes.throttle(t.device(), t.rate()))
                .toList();
    }

    /** Process limits; one above what this process may give is lowered, and {@code warnings} says so. */
    public static List<RuntimeSpec.Rlimit> rlimits(ProcessSpec process, HostFacts host, List<String> warnings) {
        List<RuntimeSpec.Rlimit> result = new ArrayList<>();
        for (ProcessSpec.Rlimit limit : process.rlimits()) {
            String name = limit.name().toLowerCase(Locale.ROOT);
            Long own = host.hardLimits().get(name);
            if (own == null) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid ulimit type: " + limit.name());
            }
            BigInteger most = host.canRaiseLimits() ? UNLIMITED : value(own);
            BigInteger hard = value(limit.hard());
            BigInteger soft = value(limit.soft());
            if (hard.compareTo(most) > 0 || soft.compareTo(most) > 0) {
                warnings.add("Ulimit " + name + " was lowered to " + own
                        + ": the engine lacks CAP_SYS_RESOURCE and can't raise it above its own limit.");
            }
            result.add(
                    new RuntimeSpec.Rlimit("RLIMIT_" + name.toUpperCase(Locale.ROOT), hard.min(most), soft.min(most)));
        }
        return result;
    }

    /** The OOM score; one below this process' own needs a capability that may be missing. */
    public static int oomScoreAdjust(ProcessSpec process, HostFacts host, List<String> warnings) {
        int wanted = process.oomScoreAdjust();
        if (host.canRaiseLimits() || wanted >= host.oomScoreAdjust()) {
            return wanted;
        }
        if (wanted != 0) {
            warnings.add("OOM score adjustment " + wanted + " was raised to " + host.oomScoreAdjust()
                    + ": the engine lacks CAP_SYS_RESOURCE and can't go below its own.");
        }
        return host.oomScoreAdjust();
    }

    private static BigInteger value(long limit) {
        return limit < 0 ? UNLIMITED : BigInteger.valueOf(limit);
    }
}
