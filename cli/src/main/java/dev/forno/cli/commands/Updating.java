package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code update}. */
final class Updating {
    private static final Map<String, String> NUMBERS = Map.of(
            "blkio-weight",
            "BlkioWeight",
            "cpu-period",
            "CpuPeriod",
            "cpu-quota",
            "CpuQuota",
            "cpu-rt-period",
            "CpuRealtimePeriod",
            "cpu-rt-runtime",
            "CpuRealtimeRuntime",
            "cpu-shares",
            "CpuShares",
            "pids-limit",
            "PidsLimit");
    private static final Map<String, String> SIZES =
            Map.of("memory", "Memory", "memory-reservation", "MemoryReservation", "memory-swap", "MemorySwap");
    private static final Map<String, String> TEXTS = Map.of("cpuset-cpus", "CpusetCpus", "cpuset-mems", "CpusetMems");

    private Updating() {}

    static Command command() {
        return new Command(
                "[OPTIONS] CONTAINER [CONTAINER...]",
                "Change the limits of containers",
                1,
                Command.ANY,
                """
                --blkio-weight int | Weight of block I/O, between 10 and 1000, or 0 for none
                --cpu-period int | Period of the CPU quota in microseconds
                --cpu-quota int | CPU time in a period in microseconds
                --cpu-rt-period int | Period of the real-time CPU limit in microseconds
                --cpu-rt-runtime int | Real-time CPU time in a period in microseconds
                -c, --cpu-shares int | Relative weight of CPU time
                --cpus decimal | Number of CPUs
                --cpuset-cpus string | CPUs to run on (0-3, 0,1)
                --cpuset-mems string | Memory nodes to use (0-3, 0,1)
                -m, --memory bytes | Memory limit
                --memory-reservation bytes | Soft memory limit
                --memory-swap bytes | Limit of memory and swap together: -1 for no limit of swap
                --pids-limit int | Most processes (-1 for no limit)
                --restart string | Restart policy
                """,
                Updating::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException, InterruptedException {
        Map<String, Object> document = new LinkedHashMap<>();
        NUMBERS.forEach((option, member) -> {
            if (arguments.given(option)) {
                document.put(member, arguments.number(option, 0));
            }
        });
        SIZES.forEach((option, member) -> {
            if (arguments.given(option)) {
                document.put(member, arguments.bytes(option, 0));
            }
        });
        TEXTS.forEach((option, member) -> {
            if (arguments.given(option)) {
                document.put(member, arguments.text(option, ""));
            }
        });
        if (arguments.given("cpus")) {
            document.put("NanoCpus", HostConfig.nanoCpus(arguments.text("cpus", "0")));
        }
        if (arguments.given("restart")) {
            document.put("RestartPolicy", HostConfig.restartPolicy(arguments.text("restart", "no")));
        }
        if (document.isEmpty()) {
            throw new Failure(1, "you must provide one or more flags when using this command");
        }
        return Each.run(session, arguments.operands(), name -> {
            Json answer = session.engine().post(ContainerLife.path(name, "update"), document);
            session.out().println(name);
            answer.texts("Warnings").forEach(warning -> session.err().println(warning));
        });
    }
}
