package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.ProcessList;
import dev.forno.runtime.tasks.Stats;
import dev.forno.runtime.tasks.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What containers use. */
final class StatService implements ContainerStats {
    private final Parts parts;

    StatService(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Sample sample(String ref) {
        ContainerEntry entry = parts.records().find(ref);
        Task task = entry.task();
        if (task == null) {
            return nothing(entry.value(), parts.clock().instant());
        }
        try {
            return sample(entry.value(), task.stats());
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.FAILED_PRECONDITION) {
                return nothing(entry.value(), parts.clock().instant()); // it ended just now
            }
            throw e;
        }
    }

    private static Sample sample(Container c, Stats s) {
        Stats.Cpu cpu = s.cpu();
        Stats.Memory memory = s.memory();
        Map<String, Interface> interfaces = new TreeMap<>();
        s.interfaces()
                .forEach((name, i) -> interfaces.put(
                        name,
                        new Interface(
                                i.rxBytes(),
                                i.rxPackets(),
                                i.rxErrors(),
                                i.rxDropped(),
                                i.txBytes(),
                                i.txPackets(),
                                i.txErrors(),
                                i.txDropped())));
        return new Sample(
                c.id(),
                c.name(),
                s.time(),
                cpu.total(),
                cpu.user(),
                cpu.kernel(),
                cpu.perCpu(),
                cpu.system(),
                cpu.onlineCpus(),
                cpu.throttledPeriods(),
                cpu.periods(),
                cpu.throttledTime(),
                memory.usage(),
                memory.maxUsage(),
                memory.limit(),
                memory.failures(),
                memory.details(),
                s.pids().current(),
                s.pids().limit(),
                blockIo(s, Stats.BlockIo::bytes),
                blockIo(s, Stats.BlockIo::operations),
                interfaces);
    }

    private static List<BlockIo> blockIo(Stats s, ToLongFunction<Stats.BlockIo> value) {
        return s.blockIo().stream()
                .map(b -> new BlockIo(b.major(), b.minor(), b.operation(), value.applyAsLong(b)))
                .toList();
    }

    private static Sample nothing(Container c, Instant now) {
        return new Sample(
                c.id(), c.name(), now, 0, 0, 0, List.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0, List.of(),
                List.of(), Map.of());
    }

    @Override
    public ProcessTable processes(String ref, List<String> psArgs) {
        ContainerEntry entry = parts.records().find(ref);
        Task task = entry.task();
        if (task == null) {
            throw new FornoException(ErrorKind.CONFLICT, "container " + entry.id() + " is not running");
        }
        ProcessList list = task.processes(psArgs);
        return new ProcessTable(list.titles(), list.rows());
    }
}
