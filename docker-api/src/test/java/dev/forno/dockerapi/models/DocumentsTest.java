package dev.forno.dockerapi.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerConfig;
import dev.forno.engine.containers.ContainerState;
import dev.forno.engine.containers.ContainerStatus;
import dev.forno.engine.containers.HostOptions;
import dev.forno.engine.containers.MountPoint;
import dev.forno.engine.containers.NetworkSettings;
import dev.forno.engine.containers.NetworkSettings.EndpointSettings;
import dev.forno.engine.containers.PortBinding;
import dev.forno.engine.system.Versions;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents' exact JSON: names, nulls and empty values as Docker's clients expect them. */
class DocumentsTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678900Z");

    static Container container(ContainerState state) {
        Map<String, List<PortBinding>> ports = new TreeMap<>();
        ports.put("53/udp", List.of());
        ports.put("80/tcp", List.of(new PortBinding("0.0.0.0", "8080")));
        return new Container(
                "c".repeat(64),
                "web",
                CREATED,
                "sha256:" + "a".repeat(64),
                Platform.of("linux", "amd64", null),
                ContainerConfig.of("busybox", "sleep", "one two"),
                HostOptions.DEFAULTS,
                "sleep",
                List.of("one two"),
                state,
                0,
                List.of(new MountPoint(
                        "bind", "", "/src", "/dst", "", "ro", false, "rprivate", "", false, false, false, false)),
                new NetworkSettings(
                        "sandbox",
                        "/run/forno/netns/c",
                        ports,
                        Map.of(
                                "bridge",
                                new EndpointSettings(
                                        "net",
                                        "end",
                                        "172.17.0.1",
                                        "172.17.0.2",
                                        16,
                                        "02:42:ac:11:00:02",
                                        "eth0",
                                        List.of(),
                                        List.of()))),
                new Container.HostFiles("/r", "/n", "/h", "/l"),
                new Container.StorageDriver("overlayfs", Map.of("UpperDir", "/u")),
                List.of());
    }

    private static ContainerState running() {
        return new ContainerState(ContainerStatus.RUNNING, 42, 0, "", false, CREATED, null);
    }

    @Test
    void anInspectedContainer() throws IOException {
        byte[] json = Json.write(ContainerDocument.class, ContainerDocument.of(container(running())));
        assertEquals(golden("container.json"), new String(json, UTF_8));
    }

    @Test
    void aListedContainer() throws IOException {
        byte[] json =
                Json.write(ContainerSummary.class, ContainerSummary.of(container(running()), CREATED.plusSeconds(75)));
        assertEquals(golden("container-summary.json"), new String(json, UTF_8));
    }

    @Test
    void theVersionComparesAsADockerReleaseAndNamesForno() {
        var versions = new Versions(
                "0.1.0",
                "c0ffee",
                "2026-01-01T00:00:00Z",
                "linux",
                "amd64",
                "6.12",
                "25",
                List.of(new Versions.Component("runc", "1.1.5", Map.of("Reason", "only one"))));
        var document = SystemDocuments.version(versions, "1.51", "1.24");
        assertEquals("28.3.0+forno.0.1.0", document.version());
        assertEquals(
                List.of("Engine 0.1.0", "runc 1.1.5"),
                document.components().stream()
                        .map(each -> each.name() + " " + each.version())
                        .toList());
        assertEquals("1.24", document.components().getFirst().details().get("MinAPIVersion"));
    }

    @Test
    void aListTellsTheStateInWords() {
        ContainerState exited = new ContainerState(ContainerStatus.EXITED, 0, 137, "", true, CREATED, CREATED);
        Instant later = CREATED.plus(Duration.ofHours(3));
        assertEquals("Exited (137) 3 hours ago", ContainerSummary.status(exited, later));
        assertEquals("Created", ContainerSummary.status(ContainerState.NEW, later));
        ContainerState paused = new ContainerState(ContainerStatus.PAUSED, 1, 0, "", false, CREATED, null);
        assertEquals("Up 3 hours (Paused)", ContainerSummary.status(paused, later));
    }

    @ParameterizedTest
    @CsvSource({
        "0,Less than a second",
        "1,1 second",
        "59,59 seconds",
        "60,About a minute",
        "119,About a minute",
        "120,2 minutes",
        "3600,About an hour",
        "5400,2 hours",
        "172799,2 days",
        "172800,2 days",
        "1209600,2 weeks",
        "5184000,2 months",
        "63072000,2 years",
        "-5,Less than a second"
    })
    void spansInWords(long seconds, String words) {
        assertEquals(words, GoTimes.words(Duration.ofSeconds(seconds)));
    }

    @Test
    void timesAsGoWritesThem() {
        assertEquals("0001-01-01T00:00:00Z", GoTimes.rfc3339(null));
        assertEquals("2026-01-02T03:04:05.6789Z", GoTimes.rfc3339(CREATED));
        assertEquals("2026-01-02T03:04:05Z", GoTimes.rfc3339(Instant.parse("2026-01-02T03:04:05Z")));
        assertEquals("2026-01-02T03:04:05.678900000Z", GoTimes.rfc3339Nano(CREATED));
    }

    @Test
    void commandsMayBeOneTextOrNull() {
        assertEquals(
                List.of("ls -l"), Texts.orNull(config("{\"Cmd\":\"ls -l\"}").cmd()));
        assertEquals(
                List.of("a", "b"),
                Texts.orNull(config("{\"Cmd\":[\"a\",\"b\"]}").cmd()));
        assertEquals(List.of(), Texts.orNull(config("{\"Cmd\":[]}").cmd()));
        assertNull(Texts.orNull(config("{\"Cmd\":null}").cmd()));
        assertNull(config("{}").cmd());
        assertThrows(FornoException.class, () -> config("{\"Cmd\":[{}]}"));
    }

    private static ConfigDocument config(String json) {
        return Json.read(json.getBytes(UTF_8), ConfigDocument.class);
    }

    @Test
    void unknownFieldsAndNullsAreTolerated() {
        var request = CreationDocument.read("""
                {"Image":"x","Env":null,"Tty":null,"StopTimeout":null,"Nonsense":{"a":[1]},"ExposedPorts":{"80/tcp":null},
                 "HostConfig":{"Memory":null,"Binds":null,"PortBindings":{"80/tcp":null},"Devices":[null],"Init":null,"Sysctls":{"a":null},
                 "RestartPolicy":null,"Mounts":null,"Tmpfs":null},"NetworkingConfig":null}
                """.getBytes(UTF_8), null, null);
        assertEquals("x", request.config().image());
        assertEquals(java.util.Set.of("80/tcp"), request.config().exposedPorts());
        assertEquals(Map.of("80/tcp", List.of()), request.host().network().portBindings());
        assertEquals(Map.of("a", ""), request.host().sysctls());
        assertEquals(List.of(), request.host().resources().devices());
    }

    @Test
    void whatIsNotSupportedIsRefusedRatherThanDropped() {
        for (String host : List.of("\"Isolation\":\"hyperv\"", "\"Cgroup\":\"container:x\"")) {
            byte[] json = ("{\"Image\":\"x\",\"HostConfig\":{" + host + "}}").getBytes(UTF_8);
            assertThrows(FornoException.class, () -> CreationDocument.read(json, null, null), host);
        }
        byte[] limits = """
                {"Image":"x","HostConfig":{"DeviceRequests":[{"Driver":"nvidia","Count":-1}],"KernelMemory":5,
                 "BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":1}]}}
                """.getBytes(UTF_8);
        var resources = CreationDocument.read(limits, null, null).host().resources();
        assertEquals(1, resources.deviceRequests());
        assertEquals(5, resources.kernelMemory());
        assertEquals(1, resources.blkioDeviceLimits());
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(DocumentsTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8).strip();
        }
    }
}
