package dev.forno.cli.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.cli.documents.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path directory;

    private Credentials credentials() throws IOException {
        return new Credentials(ClientConfig.read(directory));
    }

    @Test
    void whatIsStoredIsFound() throws IOException {
        Files.writeString(
                directory.resolve("config.json"), "{\"psFormat\":\"x\",\"auths\":{\"other\":{\"auth\":\"YTpi\"}}}");
        assertTrue(credentials().store(new Credential("me", "se:cret", "", "127.0.0.1:5000")));
        Credential found = credentials().find("127.0.0.1:5000");
        assertEquals("me", found.username());
        assertEquals("se:cret", found.password());
        assertEquals("b", credentials().find("other").password());
        Json document = ClientConfig.read(directory).document();
        assertEquals("x", document.text("psFormat"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("config.json"))));
        assertTrue(credentials().erase("127.0.0.1:5000"));
        assertFalse(credentials().erase("127.0.0.1:5000"));
        assertTrue(credentials().find("127.0.0.1:5000").isEmpty());
    }

    @Test
    void theHeaderIsUrlSafeJson() {
        String header = new Credential("me", "ü?>", "", "r").header();
        String text = new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
        assertEquals("{\"username\":\"me\",\"password\":\"ü?>\",\"serveraddress\":\"r\"}", text);
        assertEquals("e30=", Credential.none("r").header());
    }

    @Test
    void dockerHubHasOneKey() {
        assertEquals(Credentials.HUB, Credentials.key(""));
        assertEquals(Credentials.HUB, Credentials.key("docker.io"));
        assertEquals("r:5000", Credentials.key("https://r:5000/v2/"));
    }

    @Test
    void anEntryMayBeAnAddress() throws IOException {
        Files.writeString(
                directory.resolve("config.json"), "{\"auths\":{\"https://r.example/v1/\":{\"auth\":\"YTpi\"}}}");
        assertEquals("a", credentials().find("r.example").username());
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{nonsense");
        IOException e = assertThrows(IOException.class, this::credentials);
        assertTrue(String.valueOf(e.getMessage())
                .startsWith("read " + directory.resolve("config.json") + ": not a JSON document"));
    }
}
