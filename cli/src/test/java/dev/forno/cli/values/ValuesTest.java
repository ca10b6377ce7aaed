package dev.forno.cli.values;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.cli.documents.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({"0,0B", "999,999B", "1984275,1.98MB", "164000000,164MB", "1500,1.5kB", "999999,1e+03kB"})
    void imageSizes(double size, String text) {
        // Go prints 1e+03 where three digits round up to four; people read 1000
        assertEquals(text.replace("1e+03", "1000"), Sizes.decimal(size));
    }

    @Test
    void memorySizes() {
        assertEquals("23.54GiB", Sizes.binary(25275000000.0));
        assertEquals(512L << 20, Sizes.parse("512m"));
        assertEquals(3L << 29, Sizes.parse("1.5GB"));
        assertEquals(-1L, Sizes.parse("-1"));
        assertNull(Sizes.parse("x"));
        assertNull(Sizes.parse("5q"));
        assertNull(Sizes.parse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.5S,Less than a second",
        "PT1S,1 second",
        "PT59S,59 seconds",
        "PT60S,About a minute",
        "PT3599S,59 minutes",
        "PT1H,About an hour",
        "PT47H,47 hours",
        "P3D,3 days",
        "P20D,2 weeks",
        "P100D,3 months",
        "P1000D,2 years"
    })
    void durationsInWords(Duration duration, String words) {
        assertEquals(words, Durations.words(duration));
    }

    @Test
    void goDurations() {
        assertEquals(Duration.ofMillis(3_723_500), Durations.parse("1h2m3.5s"));
        assertEquals(Duration.ofSeconds(-5), Durations.parse("-5s"));
        assertNull(Durations.parse("5"));
        assertNull(Durations.parse("s"));
        assertNull(Durations.parse("5x"));
    }

    @ParameterizedTest
    @CsvSource({
        "1234567890, 1234567890",
        "42m, 1999997480.000000000",
        "2033-05-18T03:33:20Z, 2000000000.000000000",
        "2033-05-18T03:33:20.5+00:00, 2000000000.500000000",
        "2033-05-18T03:33, 1999999980.000000000",
        "2033-05-18, 1999987200.000000000"
    })
    void moments(String text, String seconds) {
        assertEquals(seconds, Times.moment(text, Instant.ofEpochSecond(2_000_000_000), ZoneOffset.UTC));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "80 [80/tcp||]",
                "8080:80 [80/tcp||8080]",
                "127.0.0.1:8080:80/udp [80/udp|127.0.0.1|8080]",
                "127.0.0.1::80 [80/tcp|127.0.0.1|]",
                "[::1]:81:80 [80/tcp|::1|81]",
                "81-82:91-92 [91/tcp||81,92/tcp||82]",
                "8000-8010:80 [80/tcp||8000-8010]",
            })
    void ports(String text, String specs) {
        List<String> found = PortSpec.parse(text).stream()
                .map(port -> port.key() + "|" + port.hostIp() + "|" + port.hostPort())
                .toList();
        assertEquals(specs, "[" + String.join(",", found) + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a; invalid containerPort: a",
                "a:80; invalid hostPort: a",
                "80/foo; invalid proto: foo",
                "1-3:80-81; invalid ranges specified for container and host Ports: 80-81 and 1-3",
                "70000; invalid containerPort: 70000",
                "x.y:1:2; invalid IP address: x.y",
            })
    void wrongPorts(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> PortSpec.parse(text))
                        .getMessage());
    }

    @Test
    void portListsJoinRuns() {
        Json ports = Json.parse("""
                [{"PrivatePort":443,"Type":"tcp"},{"PrivatePort":82,"Type":"tcp"},{"PrivatePort":81,"Type":"tcp"},
                 {"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},
                 {"IP":"::","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},
                 {"IP":"0.0.0.0","PrivatePort":53,"PublicPort":53,"Type":"udp"}]
                """);
        assertEquals(
                "81-82/tcp, 0.0.0.0:53->53/udp, 443/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp",
                PortList.format(ports));
    }

    @Test
    void mounts() {
        assertEquals(
                Map.of(
                        "Type",
                        "bind",
                        "Source",
                        "/a,b",
                        "Target",
                        "/x",
                        "ReadOnly",
                        true,
                        "BindOptions",
                        Map.of("Propagation", "rshared")),
                MountSpec.parse("type=bind,\"src=/a,b\",dst=/x,readonly,bind-propagation=rshared"));
        assertEquals(
                Map.of("Type", "tmpfs", "Target", "/t", "TmpfsOptions", Map.of("SizeBytes", 65536L, "Mode", 448L)),
                MountSpec.parse("type=tmpfs,target=/t,tmpfs-size=64k,tmpfs-mode=0700"));
        assertEquals(
                Map.of(
                        "Type",
                        "volume",
                        "Source",
                        "v",
                        "Target",
                        "/t",
                        "VolumeOptions",
                        Map.of("DriverConfig", Map.of("Name", "local", "Options", Map.of("type", "tmpfs")))),
                MountSpec.parse("src=v,dst=/t,volume-driver=local,volume-opt=type=tmpfs"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "foo; invalid field 'foo' must be a key=value pair",
                "type=bind,src=/a; target is required",
                "type=bind,src=/a,dst=/b,x=y; unexpected key 'x' in 'x=y'",
                "type=bind,dst=/b,tmpfs-size=1; cannot mix 'tmpfs-*' options with mount type 'bind'",
            })
    void wrongMounts(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> MountSpec.parse(text))
                        .getMessage());
    }

    @Test
    void variablesComeFromFilesAndTheEnvironment(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("env"), "# no\n\nA=1\n  B = x y\nKNOWN\nUNKNOWN\n");
        assertEquals(
                List.of("A=1", "KNOWN=yes", "C=2"),
                Variables.environment(
                        List.of(Files.writeString(directory.resolve("e"), "# no\n\nA=1\nKNOWN\nUNKNOWN\n")
                                .toString()),
                        List.of("C=2", "UNKNOWN"),
                        name -> name.equals("KNOWN") ? "yes" : null));
        IOException e = assertThrows(
                IOException.class, () -> Variables.environment(List.of(file.toString()), List.of(), name -> null));
        assertEquals("invalid env file (" + file + "): variable 'B ' contains whitespaces", e.getMessage());
    }
}
