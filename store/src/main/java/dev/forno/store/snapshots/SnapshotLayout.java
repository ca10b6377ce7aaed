package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.linux.files.TreeUsage;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.PackOptions;
import dev.forno.store.archives.Packer;
import dev.forno.store.archives.TarWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The directory of an active snapshot: {@code upper} (the changes), {@code work} (overlayfs's own), {@code merged} (the
 * mount point), {@code base} (a lower directory of the snapshot's own, where the layers need one) and {@code layers} (the
 * diffIDs, lowest first).
 */
record SnapshotLayout(Path directory) {
    Path upper() {
        return directory.resolve("upper");
    }

    Path work() {
        return directory.resolve("work");
    }

    Path merged() {
        return directory.resolve("merged");
    }

    Path base() {
        return directory.resolve("base");
    }

    void create(List<Digest> diffIds) throws IOException {
        for (Path path : List.of(upper(), work(), merged())) {
            Files.createDirectory(path);
        }
        try (Fd upper = Fd.open(upper(), Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            upper.chmod(0755); // whatever the umask
        }
        String list = diffIds.stream().map(d -> d + "\n").collect(Collectors.joining());
        Files.writeString(directory.resolve("layers"), list, StandardCharsets.UTF_8);
    }

    /** The root of the mounted tree has the attributes of the upper directory, so these must be the image's. */
    void setRoot(FileStat stat) throws IOException {
        try (Fd upper = Fd.open(upper(), Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            upper.chown(stat.uid(), stat.gid());
            upper.chmod(stat.mode());
            upper.setTimes(stat.accessed(), stat.modified());
        }
    }

    /** Writes the changes as a layer's tar. */
    void writeDiff(OutputStream out) throws IOException {
        try (Root upper = Root.open(upper())) {
            TarWriter tar = new TarWriter(out);
            new Packer(tar, PackOptions.layer()).pack(upper, "", "");
            tar.finish();
        }
    }

    /** The bytes of the changed files. */
    long usage() throws IOException {
        return TreeUsage.of(upper()).bytes();
    }

    List<Digest> layers() throws IOException {
        try {
            return Files.readAllLines(directory.resolve("layers"), StandardCharsets.UTF_8).stream()
                    .map(Digest::parse)
                    .toList();
        } catch (NoSuchFileException e) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND, "open snapshot " + directory.getFileName() + ": no such snapshot", e);
        }
    }
}
