package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.runtime.tasks.Stats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statistics from files as kernels write them, of both versions. */
class StatsReaderTest {
    @TempDir
    Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, text);
    }

    private Stats read(CgroupVersion version) throws IOException {
        return new StatsReader(new Cgroup(root, version, "/forno/c"), (int)
                        ProcessHandle.current().pid())
                .read();
    }

    @Test
    void version2() throws IOException {
        write("forno/c/cpu.stat", """
                usage_usec 3000
                user_usec 2000
                system_usec 1000
                nr_periods 5
                nr_throttled 4
                throttled_usec 7
                """);
        write("forno/c/memory.current", "1048576\n");
        write("forno/c/memory.peak", "2097152\n");
        write("forno/c/memory.max", "4194304\n");
        write("forno/c/memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\n");
        write("forno/c/memory.stat", "anon 4096\nfile 8192\ninactive_file 512\n");
        write("forno/c/pids.current", "3\n");
        write("forno/c/pids.max", "max\n");
        write("forno/c/io.stat", "8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n253:1 \n");
        Stats stats = read(CgroupVersion.V2);
        assertEquals(3_000_000, stats.cpu().total());
        assertEquals(2_000_000, stats.cpu().user());
        assertEquals(1_000_000, stats.cpu().kernel());
        assertEquals(
                List.of(5L, 4L, 7000L),
                List.of(
                        stats.cpu().periods(),
                        stats.cpu().throttledPeriods(),
                        stats.cpu().throttledTime()));
        assertTrue(stats.cpu().system() > stats.cpu().total());
        assertEquals(
                new Stats.Memory(
                        1 << 20, 2 << 20, 4 << 20, 9, Map.of("anon", 4096L, "file", 8192L, "inactive_file", 512L)),
                stats.memory());
        assertEquals(new Stats.Pids(3, 0), stats.pids());
        assertEquals(
                List.of(
                        new Stats.BlockIo(8, 0, "read", 10, 1),
                        new Stats.BlockIo(8, 0, "write", 20, 2),
                        new Stats.BlockIo(253, 1, "read", 0, 0),
                        new Stats.BlockIo(253, 1, "write", 0, 0)),
                stats.blockIo());
        Cgroup group = new Cgroup(root, CgroupVersion.V2, "/forno/c");
        assertEquals(1, group.oomKills());
        write("forno/c/cgroup.events", "populated 1\nfrozen 1\n");
        assertTrue(group.isFrozen());
    }

    @Test
    void version1() throws IOException {
        write("cpuacct/forno/c/cpuacct.usage", "5000\n");
        write("cpuacct/forno/c/cpuacct.usage_percpu", "2000 3000 \n");
        write("cpuacct/forno/c/cpuacct.stat", "user 1\nsystem 2\n");
        write("cpu/forno/c/cpu.stat", "nr_periods 1\nnr_throttled 2\nthrottled_time 3\n");
        write("memory/forno/c/memory.usage_in_bytes", "100\n");
        write("memory/forno/c/memory.max_usage_in_bytes", "200\n");
        write("memory/forno/c/memory.limit_in_bytes", "9223372036854771712\n");
        write("memory/forno/c/memory.failcnt", "6\n");
        write("memory/forno/c/memory.stat", "cache 1\nhierarchical_memsw_limit 18446744073709551615\n");
        write("pids/forno/c/pids.current", "1\n");
        write("pids/forno/c/pids.max", "50\n");
        write("blkio/forno/c/blkio.throttle.io_service_bytes", "8:0 Read 4096\n8:0 Write 1\nTotal 4097\n");
        write("blkio/forno/c/blkio.throttle.io_serviced", "8:0 Read 2\n8:0 Write 1\nTotal 3\n");
        Stats stats = read(CgroupVersion.V1);
        assertEquals(5000, stats.cpu().total());
        assertEquals(List.of(2000L, 3000L), stats.cpu().perCpu());
        assertEquals(10_000_000, stats.cpu().user());
        assertEquals(20_000_000, stats.cpu().kernel());
        assertEquals(3, stats.cpu().throttledTime());
        assertEquals(100, stats.memory().usage());
        assertEquals(200, stats.memory().maxUsage());
        assertTrue(stats.memory().limit() < 1L << 50, "no limit is the machine's memory");
        assertEquals(Long.MAX_VALUE, stats.memory().details().get("hierarchical_memsw_limit"));
        assertEquals(new Stats.Pids(1, 50), stats.pids());
        assertEquals(
                List.of(new Stats.BlockIo(8, 0, "read", 4096, 2), new Stats.BlockIo(8, 0, "write", 1, 1)),
                stats.blockIo());
    }

    @Test
    void interfaces() {
        String text = """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo:       9       9    0    0    0     0          0         0        9       9    0    0    0     0       0          0
                  eth0:    1296      16    1    2    0     0          0         0      446       5    3    4    0     0       0          0
                """;
        assertEquals(Map.of("eth0", new Stats.Interface(1296, 16, 1, 2, 446, 5, 3, 4)), StatsReader.interfaces(text));
    }
}
