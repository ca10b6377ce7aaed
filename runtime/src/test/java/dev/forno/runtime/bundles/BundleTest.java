package dev.forno.runtime.bundles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.oci.Documents;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.confinement.Capabilities;
import dev.forno.runtime.confinement.Machine;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.DeviceSpec;
import dev.forno.runtime.tasks.Logging;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Namespaces;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.Specs;
import dev.forno.runtime.tasks.TaskSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final List<String> ALL = Capabilities.ofMask((1L << 41) - 1);
    private static final Confinement NO_FILTER = new Confinement(
            false, List.of(), List.of(), false, new Confinement.Unconfined(), List.of("/proc/kcore"), null);

    @TempDir
    Path rootfs;

    @BeforeEach
    void accounts() throws IOException {
        Path etc = Files.createDirectories(rootfs.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "web:x:33:33::/var/www:/bin/sh\n");
    }

    private static HostFacts host(CgroupVersion cgroups, boolean canRaise) {
        return new HostFacts(
                Machine.of("amd64", "6.1.0"),
                cgroups,
                ALL,
                canRaise,
                Map.of("nofile", 4096L, "core", -1L),
                100,
                true,
                Map.of("net.ipv4.ip_unprivileged_port_start", "0"));
    }

    private TaskSpec task() {
        return TaskSpec.of(
                "0123456789abcdef",
                rootfs,
                ProcessSpec.of(List.of("nginx", "-g"), List.of("A=1", "PATH=/x"), "/srv", "web"));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = BundleTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertGolden(String name, Bundle bundle) throws IOException {
        String json = new String(Documents.write(RuntimeSpec.class, bundle.spec()), StandardCharsets.UTF_8)
                .replace(rootfs.toString(), "/ROOTFS");
        // one member or element per line: readable without a second JSON library
        String lines = json.replaceAll("([\\[{,])(?=[\"\\[{])", "$1\n") + "\n";
        assertEquals(golden(name), lines);
    }

    @Test
    void theDefaultDocument() throws IOException {
        assertGolden(
                "default.json",
                Bundle.of(Specs.withConfinement(task(), NO_FILTER), host(CgroupVersion.V2, true), "/forno/0123"));
    }

    @Test
    void aDocumentWithEverything() throws IOException {
        ProcessSpec process = new ProcessSpec(
                List.of("sh"),
                List.of("TERM", "X=y"),
                "",
                "33:44",
                List.of("55"),
                true,
                24,
                80,
                true,
                false,
                List.of(new ProcessSpec.Rlimit("nofile", 1024, 1_000_000), new ProcessSpec.Rlimit("core", -1, -1)),
                -500);
        Resources limits = new Resources(
                1L << 28, 1L << 29, 1L << 27, 10L, true, 512L, 50000L, 100000L, "0-1", "0", 100L, 500, List.of());
        TaskSpec task = new TaskSpec(
                "id",
                rootfs,
                true,
                process,
                "host",
                "example.org",
                List.of(
                        new MountSpec.Tmpfs("/run", List.of("exec", "size=1m")),
                        MountSpec.Bind.of(Path.of("/srv"), "/app/data", true),
                        new MountSpec.Bind(Path.of("/opt"), "/app", false, "private", false),
                        MountSpec.Bind.of(Path.of("/my/shm"), "/dev/shm", false)),
                List.of(new DeviceSpec(Path.of("/dev/null"), "/dev/nothing", "rw")),
                List.of("c 10:* rwm"),
                new Namespaces(
                        new Namespaces.Existing(Path.of("/proc/7/ns/net")),
                        new Namespaces.Host(),
                        new Namespaces.Own(),
                        new Namespaces.Host(),
                        new Namespaces.Own()),
                limits,
                new Confinement(
                        false,
                        List.of("NET_ADMIN"),
                        List.of("ALL"),
                        true,
                        new Confinement.CustomProfile(
                                "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}"),
                        List.of(),
                        List.of()),
                Map.of("kernel.msgmax", "10"),
                1 << 20,
                false,
                Logging.NONE,
                null,
                Map.of("who", "me"));
        Bundle bundle = Bundle.of(task, host(CgroupVersion.V1, false), "/p/id");
        assertGolden("everything.json", bundle);
        assertEquals(2, bundle.warnings().size(), "limits and OOM score were degraded");
    }

    @Test
    void privilegedGetsTheHostsDevices() {
        TaskSpec task = Specs.withConfinement(
                task(),
                new Confinement(true, List.of(), List.of(), false, new Confinement.DefaultProfile(), null, null));
        RuntimeSpec spec = Bundle.of(task, host(CgroupVersion.V2, true), "/a/b").spec();
        assertTrue(spec.linux().devices().stream()
                .anyMatch(d -> d.path().equals("/dev/null") && d.major() == 1 && d.minor() == 3));
        assertEquals(List.of(), spec.linux().maskedPaths());
        assertEquals(List.of(), spec.linux().readonlyPaths());
        assertEquals(ALL, Objects.requireNonNull(spec.process().capabilities()).bounding());
        assertTrue(spec.linux().seccomp() == null);
        assertTrue(spec.mounts().stream()
                .noneMatch(m -> m.options() != null && m.options().contains("ro")));
    }

    @Test
    void refusesNonsense() {
        HostFacts host = host(CgroupVersion.V2, true);
        TaskSpec badTmpfs = Specs.withMounts(task(), List.of(new MountSpec.Tmpfs("/x", List.of("frob"))));
        assertEquals(
                "invalid tmpfs option \"frob\"",
                assertThrows(FornoException.class, () -> Bundle.of(badTmpfs, host, "/a/b"))
                        .getMessage());
        TaskSpec empty = TaskSpec.of("x", rootfs, ProcessSpec.of(List.of(), List.of(), "/", ""));
        assertThrows(FornoException.class, () -> Bundle.of(empty, host, "/a/b"));
        TaskSpec propagation =
                Specs.withMounts(task(), List.of(new MountSpec.Bind(Path.of("/srv"), "/x", false, "sideways", true)));
        assertThrows(FornoException.class, () -> Bundle.of(propagation, host, "/a/b"));
    }
}
