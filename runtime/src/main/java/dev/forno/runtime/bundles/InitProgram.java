package dev.forno.runtime.bundles;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The small init process for {@code --init}. It runs inside the container, so it must not need libraries from there. */
final class InitProgram {
    /** Where it is mounted. */
    static final String IN_CONTAINER = "/sbin/docker-init";

    private static final List<String> NAMES = List.of("docker-init", "tini-static", "catatonit", "tini");
    private static final List<Path> DIRECTORIES = List.of(
            Path.of("/usr/libexec/docker"),
            Path.of("/usr/libexec/podman"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/bin"),
            Path.of("/usr/sbin"),
            Path.of("/bin"),
            Path.of("/sbin"));
    private static final int PT_INTERP = 3;

    private InitProgram() {}

    /** The program; throws {@link ErrorKind#FAILED_PRECONDITION} when none is installed. */
    static Path find() {
        for (String name : NAMES) {
            for (Path directory : DIRECTORIES) {
                Path candidate = directory.resolve(name);
                if (Files.isExecutable(candidate) && isStatic(candidate)) {
                    return candidate;
                }
            }
        }
        throw new FornoException(
                ErrorKind.FAILED_PRECONDITION,
                "start with --init: no init program found: install catatonit, tini or docker-init (a statically linked one)");
    }

    /** Whether an ELF file names no interpreter, the loader of shared libraries (elf(5)). */
    static boolean isStatic(Path file) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(4096, in.length())];
            in.readFully(head);
            ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            if (head.length < 64 || elf.getInt(0) != 0x464c457f || head[4] != 2) {
                return false;
            }
            long offset = elf.getLong(32);
            int size = elf.getShort(54);
            int count = elf.getShort(56);
            for (int i = 0; i < count && offset + (long) (i + 1) * size <= head.length; i++) {
                if (elf.getInt((int) offset + i * size) == PT_INTERP) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
