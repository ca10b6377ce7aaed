package dev.forno.store.snapshots;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Some tools write layers with {@code tmp/file} but without {@code tmp/}. Unpacked, such a layer has a directory whose
 * attributes are made up, and which would hide the real ones of a layer below. A snapshot over such layers therefore gets
 * a further lower directory on top, which only has these directories, with the attributes of the uppermost layer that
 * describes them.
 */
final class ImpliedDirectories {
    private ImpliedDirectories() {}

    static void create(Path base, List<Digest> diffIds, UnpackLayering layers) throws IOException {
        Set<String> implied = new TreeSet<>(); // a directory sorts before what is in it
        for (Digest diffId : diffIds) {
            layers.about(diffId).ifPresent(about -> implied.addAll(about.implied()));
        }
        if (implied.isEmpty()) {
            return;
        }
        try (Root target = Root.open(base)) {
            for (String path : implied) {
                Optional<FileStat> real = find(path, diffIds, layers);
                if (real.isPresent()) {
                    copy(target, path, real.get());
                }
            }
        }
    }

    private static Optional<FileStat> find(String path, List<Digest> diffIds, UnpackLayering layers)
            throws IOException {
        for (Digest diffId : diffIds.reversed()) {
            boolean madeUp = layers.about(diffId).orElseThrow().implied().contains(path);
            try (Root tree = Root.open(layers.tree(diffId))) {
                Optional<FileStat> stat = tree.find(path);
                if (stat.isPresent() && !(madeUp && stat.get().isDirectory())) {
                    return stat.filter(FileStat::isDirectory); // a file or a whiteout ends the search
                }
            }
        }
        return Optional.empty();
    }

    private static void copy(Root target, String path, FileStat real) throws IOException {
        try {
            target.mkdir(path, 0755);
            target.chown(path, real.uid(), real.gid());
            target.chmod(path, real.mode());
            target.setTimes(path, real.modified(), real.modified());
        } catch (ErrnoException e) {
            // A parent has no real attributes: then it isn't here, and neither can be what is in it.
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
    }
}
