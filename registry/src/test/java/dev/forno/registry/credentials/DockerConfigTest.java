package dev.forno.registry.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigTest {
    @TempDir
    private Path folder;

    private DockerConfig config(String json) throws IOException {
        return config(json, Duration.ofSeconds(30));
    }

    private DockerConfig config(String json, Duration timeout) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, json);
        return new DockerConfig(file, timeout, folder.toString());
    }

    private void helper(String name, String script) throws IOException {
        Path file = folder.resolve("docker-credential-" + name);
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String pair(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatIsWrittenDown() throws IOException {
        DockerConfig config = config("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + pair("ana:a:b")
                + "\"},\"https://r.example:5000/v2/\":{\"auth\":\"" + pair("bob:pw")
                + "\"},\"t.example\":{\"auth\":\"\",\"identitytoken\":\"refresh\"},\"empty.example\":{}},"
                + "\"HttpHeaders\":{\"x\":[1,{}]}}");
        assertEquals(Credentials.basic("ana", "a:b"), config.of("registry-1.docker.io"));
        assertEquals(Credentials.basic("bob", "pw"), config.of("r.example:5000"));
        assertEquals(new Credentials("", "", "refresh", ""), config.of("t.example"));
        assertEquals(Credentials.ANONYMOUS, config.of("empty.example"));
        assertEquals(Credentials.ANONYMOUS, config.of("unknown.example"));
        assertEquals(
                Credentials.ANONYMOUS, new DockerConfig(folder.resolve("none"), Duration.ofSeconds(1), "").of("x"));
    }

    @Test
    void asksHelpers() throws IOException {
        helper("one", """
                [ "$1" = get ] || exit 9
                read -r key
                printf '{"ServerURL":"%s","Username":"u","Secret":"for %s"}' "$key" "$key"
                """);
        helper("token", "cat >/dev/null; echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'\n");
        helper("none", "cat >/dev/null; echo credentials not found in native keychain; exit 1\n");
        helper("broken", "echo the keychain is locked; exit 1\n");
        helper("slow", "sleep 1000 & sleep 1000\n");
        DockerConfig config = config("{\"credsStore\":\"none\",\"auths\":{\"b.example\":{\"auth\":\"" + pair("x:y")
                + "\"}},\"credHelpers\":{\"r.example:5000\":\"one\",\"docker.io\":\"token\",\"b.example\":\"broken\","
                + "\"m.example\":\"missing\",\"p.example\":\"../one\"}}");
        assertEquals(Credentials.basic("u", "for r.example:5000"), config.of("r.example:5000"));
        assertEquals(new Credentials("", "", "refresh", ""), config.of("registry-1.docker.io"));
        assertEquals(Credentials.ANONYMOUS, config.of("other.example"));
        assertEquals(
                "error getting credentials - docker-credential-broken get: the keychain is locked",
                assertThrows(FornoException.class, () -> config.of("b.example")).getMessage());
        assertTrue(assertThrows(FornoException.class, () -> config.of("m.example"))
                .getMessage()
                .contains("PATH"));
        assertTrue(assertThrows(FornoException.class, () -> config.of("p.example"))
                .getMessage()
                .contains("not a program's name"));
        DockerConfig slow = config("{\"credsStore\":\"slow\"}", Duration.ofMillis(200));
        assertTrue(assertThrows(FornoException.class, () -> slow.of("r.example"))
                .getMessage()
                .contains("no answer within"));
    }

    @Test
    void neverQuotesSecrets() throws IOException {
        helper("garbled", "echo '{\"Username\":\"u\",\"Secret\":\"s3cret\"'\n");
        for (String json : List.of(
                "{\"auths\":{\"r.example\":{\"auth\":\"s3cret!\"}}}",
                "{\"auths\":{\"r.example\":{\"auth\":\"" + pair("s3cret") + "\"}}}",
                "{\"auths\":{\"r.example\":{\"password\":\"s3cret\" oops",
                "{\"credsStore\":\"garbled\"}")) {
            FornoException e =
                    assertThrows(FornoException.class, () -> config(json).of("r.example"), json);
            assertFalse(e.toString().contains("s3cret") || e.toString().contains(pair("s3cret")), e.toString());
            assertNull(e.getCause());
        }
    }
}
