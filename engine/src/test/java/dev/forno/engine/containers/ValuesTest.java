package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.containers.HostOptions.LogOptions;
import dev.forno.engine.containers.HostOptions.NetworkOptions;
import dev.forno.engine.containers.HostOptions.SecurityOptions;
import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Protocol;
import dev.forno.network.endpoints.PublishedPort;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.runtime.tasks.Confinement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static String refusal(Runnable work) {
        return assertThrows(FornoException.class, work::run).getMessage();
    }

    @Test
    void signalsHaveNamesAndNumbers() {
        assertEquals(15, UserSignals.parse("SIGTERM"));
        assertEquals(15, UserSignals.parse("term"));
        assertEquals(9, UserSignals.parse("9"));
        assertEquals(37, UserSignals.parse("SIGRTMIN+3"));
        assertEquals(63, UserSignals.parse("RTMAX-1"));
        for (String bad : List.of("", "SIG", "SIGFOO", "0", "65", "RTMIN+31")) {
            assertEquals("Invalid signal: " + bad, refusal(() -> UserSignals.parse(bad)));
        }
    }

    @Test
    void portsAreReadWithRangesAndShownAsBound() {
        NetworkOptions network = new NetworkOptions(
                "",
                Map.of(
                        "80",
                        List.of(new PortBinding("127.0.0.1", "8080")),
                        "53/udp",
                        List.of(new PortBinding("", "1000-1010"))),
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        List<PublishedPort> wishes = Ports.wishes(network, List.of("80/tcp", "90/tcp"));
        assertEquals(
                List.of(
                        new PublishedPort("", 1000, 1010, 53, Protocol.UDP),
                        new PublishedPort("127.0.0.1", 8080, 8080, 80, Protocol.TCP),
                        new PublishedPort("", 0, 0, 90, Protocol.TCP)),
                wishes);
        BoundPort bound = new BoundPort("0.0.0.0", 8080, 80, Protocol.TCP);
        Map<String, List<PortBinding>> shown = Ports.shown(List.of(bound), List.of("80/tcp", "443/tcp"));
        assertEquals(List.of(), shown.get("443/tcp"));
        assertEquals(List.of(bound), Ports.bound(shown));
        assertEquals("invalid port specification: \"70000\"", refusal(() -> Ports.parse("70000/tcp")));
    }

    @Test
    void anEntrypointResetsTheImagesCommand() {
        ImageConfig.Execution image = new ImageConfig.Execution(
                null, null, null, List.of("/entry"), List.of("run"), null, null, null, null, null, null, null, null);
        ContainerConfig asked = ContainerConfig.of("app");
        assertEquals(List.of("/entry", "run"), line(asked, image));
        assertEquals(List.of("/entry", "ls"), line(ContainerConfig.of("app", "ls"), image));
        assertEquals(List.of("sh"), line(withEntrypoint(List.of("sh")), image));
        assertEquals("No command specified", refusal(() -> line(withEntrypoint(List.of("")), image)));
    }

    private static List<String> line(ContainerConfig asked, ImageConfig.Execution image) {
        return ConfigMerge.commandLine(ConfigMerge.merge(asked, image, "host"));
    }

    private static ContainerConfig withEntrypoint(List<String> entrypoint) {
        ContainerConfig c = ContainerConfig.of("app");
        return new ContainerConfig(
                c.image(),
                c.cmd(),
                entrypoint,
                c.env(),
                c.labels(),
                c.user(),
                c.workingDir(),
                c.hostname(),
                c.domainname(),
                c.stdio(),
                c.exposedPorts(),
                c.volumes(),
                c.stopSignal(),
                c.stopTimeout(),
                c.healthcheck(),
                c.networkDisabled(),
                c.onBuild(),
                c.shell());
    }

    @Test
    void securityOptionsAreReadOrRefused() {
        SecurityChoices choices = SecurityChoices.of(security("no-new-privileges", "seccomp=unconfined"));
        assertTrue(choices.noNewPrivileges());
        assertEquals(new Confinement.Unconfined(), choices.seccomp());
        assertEquals("invalid --security-opt 2: \"magic=1\"", refusal(() -> SecurityChoices.of(security("magic=1"))));
        assertEquals(
                "invalid CapAdd: unknown capability: \"CAP_FLY\"",
                refusal(() -> Capabilities.check(new SecurityOptions(
                        false, List.of("fly"), List.of(), List.of(), false, List.of(), null, null))));
    }

    private static SecurityOptions security(String... options) {
        return new SecurityOptions(false, List.of(), List.of(), List.of(options), false, List.of(), null, null);
    }

    @Test
    void logOptionsAreReadOrRefused() {
        LogChoice choice = LogChoice.of(new LogOptions("json-file", Map.of("max-size", "10m", "max-file", "5")));
        assertEquals(new LogChoice(true, 10 << 20, 5), choice);
        assertEquals(
                "unknown log opt 'max-sise' for json-file log driver",
                refusal(() -> LogChoice.of(new LogOptions("", Map.of("max-sise", "1")))));
    }

    @Test
    void limitsAreCheckedWithDockersTexts() {
        OptionChecks checks = new OptionChecks(2);
        assertEquals(
                "Minimum memory limit allowed is 6MB",
                refusal(() -> checks.check(ContainerConfig.of("a"), memory(1000, 0, 0))));
        assertEquals(
                "Conflicting options: Nano CPUs and CPU Quota cannot both be set.",
                refusal(() -> checks.check(ContainerConfig.of("a"), memory(0, 1_000_000_000, 5000))));
        assertEquals(
                "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
                refusal(() -> checks.check(ContainerConfig.of("a"), memory(0, 3_000_000_000L, 0))));
        assertEquals(List.of(), checks.check(ContainerConfig.of("a"), memory(64 << 20, 500_000_000, 0)));
    }

    private static HostOptions memory(long memory, long nanoCpus, long quota) {
        Resources u = Resources.UNLIMITED;
        return HostOptions.DEFAULTS.withResources(new Resources(
                memory,
                0,
                0,
                0,
                null,
                null,
                0,
                0,
                0,
                quota,
                nanoCpus,
                0,
                0,
                "",
                "",
                null,
                0,
                0,
                "",
                u.devices(),
                List.of(),
                0,
                List.of()));
    }

    @Test
    void detachKeysEndTheAttachmentAndOthersPass() throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        AtomicInteger detached = new AtomicInteger();
        try (DetachKeysStream in =
                new DetachKeysStream(seen, DetachKeys.parse("ctrl-p,ctrl-q"), detached::incrementAndGet)) {
            in.write("a\020b".getBytes(StandardCharsets.ISO_8859_1));
            assertEquals("a\020b", seen.toString(StandardCharsets.ISO_8859_1));
            in.write(16);
            assertEquals(0, detached.get());
            in.write(17);
            assertEquals(1, detached.get());
            assertEquals("a\020b", seen.toString(StandardCharsets.ISO_8859_1));
        }
        assertEquals(
                List.of((byte) 0, (byte) 'x', (byte) 27),
                DetachKeys.parse("ctrl-@,x,ctrl-[").bytes());
        refusal(() -> DetachKeys.parse("ctrl-1"));
    }

    @Test
    void madeUpNamesAreValidAndFree() {
        ContainerRecords records = ContainerRecords.open(new MemoryDatabase(), id -> List.of());
        ContainerNames names = new ContainerNames(records, new Random(1));
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String name = names.generate("0123456789abcdef" + i);
            assertEquals(name, ContainerNames.checked("/" + name));
            assertTrue(made.add(name), name);
        }
        assertEquals(
                "Invalid container name (a/b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
                refusal(() -> ContainerNames.checked("a/b")));
    }
}
