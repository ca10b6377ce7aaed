package dev.forno.store.archives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A file with many holes, archived by GNU tar in each of its sparse formats. */
final class SparseArchives {
    static final String NAME = "directory-" + "x".repeat(120) + "/sparse";
    private static final int SEGMENTS = 40;
    private static final int STEP = 1 << 16;

    private SparseArchives() {}

    static byte[] content() {
        byte[] content = new byte[SEGMENTS * STEP + 5000];
        for (int i = 0; i < SEGMENTS; i++) {
            for (int j = 0; j < 4096; j++) {
                content[(i + (i % 2)) * STEP + j] = (byte) (i + j | 1);
            }
        }
        return content;
    }

    static byte[] make(String format) throws Exception {
        Path directory = Files.createTempDirectory("sparse");
        try {
            Path file = directory.resolve(NAME);
            Files.createDirectories(file.getParent());
            writeWithHoles(file);
            Files.writeString(directory.resolve("after"), "text");
            Path archive = directory.resolve("out.tar");
            List<String> options = format.equals("gnu")
                    ? List.of("--format=gnu")
                    : List.of("--format=posix", "--sparse-version=" + format);
            List<String> command = new java.util.ArrayList<>(List.of("tar", "-C", directory.toString(), "-S"));
            command.addAll(options);
            command.addAll(List.of("-cf", archive.toString(), NAME, "after"));
            Process tar = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(tar.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, tar.waitFor(), output);
            return Files.readAllBytes(archive);
        } finally {
            try (var files = Files.walk(directory)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void writeWithHoles(Path file) throws Exception {
        byte[] content = content();
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(content.length);
            for (int at = 0; at < content.length; at += 4096) {
                int length = Math.min(4096, content.length - at);
                boolean zero = true;
                for (int i = at; i < at + length && zero; i++) {
                    zero = content[i] == 0;
                }
                if (!zero) {
                    out.seek(at);
                    out.write(content, at, length);
                }
            }
        }
    }
}
