package dev.forno.runtime.monitors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A root file system of the machine's static busybox with some users. */
final class Rootfs {
    private static final List<String> APPLETS = List.of(
            "sh",
            "cat",
            "echo",
            "sleep",
            "true",
            "id",
            "env",
            "ls",
            "pwd",
            "head",
            "wc",
            "seq",
            "dd",
            "stty",
            "kill",
            "grep",
            "mount",
            "hostname",
            "tail",
            "yes",
            "touch",
            "trap",
            "ps",
            "mknod",
            "chmod",
            "date",
            "tr",
            "tty");

    private Rootfs() {}

    static Path make(Path directory) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        for (String name : List.of("proc", "sys", "dev", "root", "home", "data")) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.setPosixFilePermissions(
                Files.createDirectories(directory.resolve("tmp")), PosixFilePermissions.fromString("rwxrwxrwx"));
        Path etc = Files.createDirectories(directory.resolve("etc"));
        Files.writeString(
                etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\nmaria:x:1000:1001:Maria:/home/maria:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\nmaria:x:1001:\naudio:x:29:maria\ndisk:x:6:\n");
        return directory;
    }
}
