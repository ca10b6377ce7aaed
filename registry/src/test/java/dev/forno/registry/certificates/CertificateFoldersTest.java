package dev.forno.registry.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFoldersTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path root;

    private void write(String name, String text, Instant time) throws IOException {
        Path file = Files.createDirectories(root.resolve("registry.example")).resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private Trust trust() {
        return new CertificateFolders(List.of(root)).trust("registry.example").orElseThrow();
    }

    @Test
    void everyChangeMakesAnotherTrust() throws IOException {
        write("ca.crt", "a", TIME);
        write("client.cert", "b", TIME.plusSeconds(60));
        write("client.key", "c", TIME);
        Trust before = trust();
        assertEquals(before, trust());
        // neither is the newest file, and one comes from a backup
        write("ca.crt", "d", TIME.minusSeconds(60));
        Trust older = trust();
        assertNotEquals(before, older);
        write("client.key", "longer", TIME);
        assertNotEquals(older, trust());
    }
}
