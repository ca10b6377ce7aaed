package dev.forno.store;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in a file, to be filled to the last byte. Needs root. */
public final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Makes and mounts it below a directory. */
    public static SmallDisk mount(Path directory, int megabytes) throws IOException {
        Path image = directory.resolve("disk.img");
        Path path = Files.createDirectory(directory.resolve("disk"));
        run("truncate", "-s", megabytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop", image.toString(), path.toString());
        return new SmallDisk(path);
    }

    /** Where it is mounted. */
    public Path path() {
        return path;
    }

    /** Leaves nothing free. */
    public void fill() throws IOException {
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(path.resolve("ballast"))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            run("sync", "-f", path.toString());
        }
        try (OutputStream out = Files.newOutputStream(path.resolve("ballast2"))) {
            while (true) {
                out.write(block, 0, 1024);
            }
        } catch (IOException e) {
            run("sync", "-f", path.toString());
        }
    }

    /** Frees what {@link #fill} took. */
    public void free() throws IOException {
        Files.deleteIfExists(path.resolve("ballast"));
        Files.deleteIfExists(path.resolve("ballast2"));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            run("umount", path.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
