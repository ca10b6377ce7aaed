package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The directory of an active snapshot: {@code upper} (the changes), {@code work} (overlayfs's own), {@code merged} (the
 * mount point), {@code base} (a lower directory of the snapshot's own, see {@link ImpliedDirectories}) and {@code layers}
 * (the diffIDs, lowest first).
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

    void create(List<Digest> diffIds, UnpackLayers layers, String step) throws IOException {
        for (Digest diffId : diffIds) {
            if (layers.find(diffId).isEmpty()) {
                throw new FornoException(ErrorKind.NOT_FOUND, step + ": the layer " + diffId + " is not installed");
            }
        }
        for (Path path : List.of(upper(), work(), merged(), base())) {
            Files.createDirectory(path);
        }
        copyRootAttributes(diffIds, layers);
        ImpliedDirectories.create(base(), diffIds, layers);
        String list = diffIds.stream().map(d -> d + "\n").collect(Collectors.joining());
        Files.writeString(directory.resolve("layers"), list, StandardCharsets.UTF_8);
    }

    /** The root of the mounted tree has the attributes of the upper directory, so these must be the image's. */
    private void copyRootAttributes(List<Digest> diffIds, UnpackLayers layers) throws IOException {
        try (Fd upper = Fd.open(upper(), Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            upper.chmod(0755);
            for (Digest diffId : diffIds.reversed()) {
                if (layers.about(diffId).filter(LayerAbout::rootSet).isPresent()) {
                    try (Fd tree = Fd.open(layers.tree(diffId), Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
                        FileStat stat = tree.stat();
                        upper.chown(stat.uid(), stat.gid());
                        upper.chmod(stat.mode());
                        upper.setTimes(stat.accessed(), stat.modified());
                    }
                    return;
                }
            }
        }
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
