package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The directory of an active snapshot: {@code upper} (the changes), {@code work} (overlayfs's own), {@code merged} (the
 * mount point), {@code base} (a lower directory of the snapshot's own, where the layers need one) and {@code chain} (a
 * symbolic link to its entry in {@link LayerLists}; {@code layers}, a file with the list itself, in older ones).
 */
record SnapshotLayout(Path directory) {
    /** The directory of the lists, beside that of the snapshots. */
    static final String LISTS = "chains";

    private static final String CHAIN = "chain";

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

    /** The lists of all snapshots, beside the directory in which this is. */
    private LayerLists lists() {
        return new LayerLists(Objects.requireNonNull(directory.getParent()).resolveSibling(LISTS));
    }

    void create(List<Digest> diffIds) throws IOException {
        for (Path path : List.of(upper(), work(), merged())) {
            Files.createDirectory(path);
        }
        try (Fd upper = Fd.open(upper(), Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            upper.chmod(0755); // whatever the umask
        }
        Files.createSymbolicLink(directory.resolve(CHAIN), Path.of(lists().keep(diffIds)));
    }

    /** The root of the mounted tree has the attributes of the upper directory, so these must be the image's. */
    void setRoot(RootAttributes root) throws IOException {
        try (Fd upper = Fd.open(upper(), Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            upper.chown(root.uid(), root.gid());
            upper.chmod(root.mode());
            upper.setTimes(root.modified(), root.modified());
        }
    }

    /** Writes the changes as a layer's tar to its end. */
    void writeDiff(TarWriter tar) throws IOException {
        try (Root upper = Root.open(upper())) {
            new Packer(tar, PackOptions.layer()).pack(upper, "", "");
            tar.finish();
        }
    }

    /** Whether the whole file system is mounted. */
    boolean isMounted() throws IOException {
        return MountPoint.isMounted(merged());
    }

    /** The bytes of the changed files. */
    long usage() throws IOException {
        return TreeUsage.of(upper()).bytes();
    }

    /** The name of its list, which is kept as long as it names it; empty for a snapshot of an older version. */
    Optional<String> list() throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(directory.resolve(CHAIN)).toString());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    List<Digest> layers() throws IOException {
        try {
            Optional<String> list = list();
            return list.isPresent()
                    ? lists().read(list.get())
                    : Files.readAllLines(directory.resolve("layers"), StandardCharsets.UTF_8).stream()
                            .map(Digest::parse)
                            .toList();
        } catch (NoSuchFileException e) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND, "open snapshot " + directory.getFileName() + ": no such snapshot", e);
        }
    }
}
