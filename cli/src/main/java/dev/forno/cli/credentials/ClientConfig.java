package dev.forno.cli.credentials;

import dev.forno.cli.documents.Json;
import dev.forno.cli.documents.JsonIndent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Docker client's {@code config.json}: read as it is, written back with everything it held. Other programs share the
 * file, so it is replaced whole and stays private (0600).
 */
public final class ClientConfig {
    private final Path file;
    private final Map<String, @Nullable Object> members;

    private ClientConfig(Path file, Map<String, @Nullable Object> members) {
        this.file = file;
        this.members = members;
    }

    /**
     * Reads the file of a directory; a missing one is empty.
     *
     * @throws IOException when it cannot be read or is not JSON
     */
    public static ClientConfig read(Path directory) throws IOException {
        Path file = directory.resolve("config.json");
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (Files.exists(file)) {
            try {
                Json document = Json.parse(Files.readAllBytes(file));
                document.members().forEach((name, member) -> members.put(name, member.value()));
            } catch (RuntimeException e) {
                throw new IOException("read " + file + ": not a JSON document: " + e.getMessage(), e);
            }
        }
        return new ClientConfig(file, members);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** The whole document. */
    public Json document() {
        return Json.of(members);
    }

    /** Sets or, with null, removes the entry of a registry under {@code auths}. */
    void setAuth(String server, @Nullable Map<String, Object> entry) {
        Map<String, @Nullable Object> auths = new LinkedHashMap<>();
        Json.of(members).at("auths").members().forEach((name, member) -> auths.put(name, member.value()));
        if (entry == null) {
            auths.remove(server);
        } else {
            auths.put(server, entry);
        }
        members.put("auths", auths);
    }

    /**
     * Writes the file, private to its owner.
     *
     * @throws IOException when it cannot be written; the old file stays
     */
    void write() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path target = Files.exists(file) ? file.toRealPath() : file;
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path next = Files.createTempFile(target.toAbsolutePath().getParent(), "config.json", "", mode);
        try {
            String text = JsonIndent.indent(Json.of(members).toString(), "", "\t");
            Files.write(next, text.getBytes(StandardCharsets.UTF_8));
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
