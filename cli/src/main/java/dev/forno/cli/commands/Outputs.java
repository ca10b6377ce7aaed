package dev.forno.cli.commands;

import dev.forno.linux.terminals.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Archives written to a file or to standard output. */
final class Outputs {
    private Outputs() {}

    /** Refuses to write an archive to a terminal. */
    static void requireNoTerminal(@Nullable String file, String verb) {
        if (file == null && Terminal.of(1).isPresent()) {
            throw new Failure(
                    1, "failed to " + verb + ": cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
    }

    /** Copies to a file, which appears when it is whole, or to standard output. */
    static void copy(Session session, InputStream in, @Nullable String file) throws IOException {
        if (file == null) {
            in.transferTo(session.out());
            return;
        }
        Path target = Path.of(file).toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            try (OutputStream out = Files.newOutputStream(target)) {
                in.transferTo(out);
            }
            return;
        }
        Path part;
        try {
            part = Files.createTempFile(target.getParent(), "." + target.getFileName(), "");
        } catch (NoSuchFileException e) {
            throw new IOException("invalid output path: directory \"" + target.getParent() + "\" does not exist", e);
        }
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                in.transferTo(out);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
