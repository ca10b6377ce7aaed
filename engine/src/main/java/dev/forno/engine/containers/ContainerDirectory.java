package dev.forno.engine.containers;

import dev.forno.engine.containers.Container.HostFiles;
import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Root;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where the engine keeps what it makes for one container: its network files and its log. */
record ContainerDirectory(Path parent, String id) {
    Path path() {
        return parent.resolve(id);
    }

    /** Makes it; only root may look inside. */
    void create() {
        try {
            Files.createDirectories(parent);
            Files.createDirectory(
                    path(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
        } catch (IOException e) {
            throw Failures.of("create directory " + path(), e);
        }
    }

    Path resolvConf() {
        return path().resolve("resolv.conf");
    }

    Path hostname() {
        return path().resolve("hostname");
    }

    Path hosts() {
        return path().resolve("hosts");
    }

    Path log() {
        return path().resolve("container.log");
    }

    /** The bytes of the log with those that were rotated away. */
    long logBytes() {
        long bytes = 0;
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(path(), "container.log*")) {
            for (Path file : logs) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            return bytes; // removed or rotated meanwhile
        } catch (IOException e) {
            throw Failures.of("measure logs in " + path(), e);
        }
    }

    HostFiles files(boolean logged) {
        return new HostFiles(
                resolvConf().toString(), hostname().toString(), hosts().toString(), logged ? log().toString() : "");
    }

    /** Writes a file that containers mount; the file itself stays the same, so that mounts see the change. */
    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw Failures.of("write " + file, e);
        }
    }

    /** Removes it with everything in it; nothing happens when there is none. */
    void remove() {
        try (Root all = Root.open(parent)) {
            all.removeAll(id);
        } catch (ErrnoException e) {
            throw Failures.of("remove directory " + path(), e);
        }
    }
}
