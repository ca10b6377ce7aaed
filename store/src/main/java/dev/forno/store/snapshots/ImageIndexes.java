package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.store.failures.Failures;
import dev.forno.store.indexes.ErofsIndex;
import dev.forno.store.indexes.LayerTree;
import dev.forno.store.indexes.MergedTree;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * The indexes of {@link Lower}s, each in a directory of its name, with {@code index}, {@code about} and {@code mount}, the
 * place to mount it. All of it can be made anew from the layers' trees, so nothing here is synced; the checksum tells
 * whether it is whole.
 */
final class ImageIndexes {
    private static final Logger LOG = System.getLogger(ImageIndexes.class.getName());

    /** Above so many single layers, one index of all costs less. */
    private static final int MAX_SINGLE = 24;

    private static final String INDEX = "index";
    private static final String ABOUT = "about";

    private final Path images;
    private final Workspace workspace;
    private final TarLayers layers;

    ImageIndexes(Path images, Workspace workspace, TarLayers layers) {
        this.images = images;
        this.workspace = workspace;
        this.layers = layers;
    }

    Path directory(String name) {
        return images.resolve(name);
    }

    Path index(String name) {
        return images.resolve(name).resolve(INDEX);
    }

    Path mountPoint(String name) {
        return images.resolve(name).resolve("mount");
    }

    /** What is noted of an index; empty when it isn't there, not whole or can't be read. */
    Optional<IndexAbout> about(String name) {
        try {
            return IndexAbout.read(Files.readString(images.resolve(name).resolve(ABOUT), StandardCharsets.UTF_8));
        } catch (NoSuchFileException | CharacterCodingException e) {
            return Optional.empty();
        } catch (ClosedByInterruptException e) {
            throw Failures.of("read index " + name, e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "read index " + name + ": " + e.getMessage() + "; passing over it", e);
            return Optional.empty();
        }
    }

    /** Whether the bytes of the index are those that were written. */
    boolean isWhole(String name, IndexAbout about) {
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try (InputStream in = Files.newInputStream(index(name))) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                checksum.update(buffer, 0, n);
                bytes += n;
            }
        } catch (IOException e) {
            return false;
        }
        return bytes == about.bytes() && checksum.getValue() == about.checksum();
    }

    /** The names of all indexes. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(images)) {
            directories.forEach(directory -> names.add(directory.getFileName().toString()));
        } catch (IOException e) {
            throw Failures.of("list indexes", e);
        }
        return names;
    }

    /** All that are whole. */
    List<Lower> all() {
        return names().stream()
                .flatMap(name -> about(name).map(about -> new Lower(name, about.layers())).stream())
                .toList();
    }

    /** Makes the index from the layers' trees. */
    void write(Lower lower) {
        if (lower.isMerged()) {
            write(
                    lower,
                    MergedTree.of(() -> lower.layers().stream().map(this::tree).iterator()));
        } else {
            write(lower, MergedTree.overlay(tree(lower.layers().getFirst())));
        }
    }

    private LayerTree tree(Digest diffId) {
        try {
            return layers.tree(diffId);
        } catch (IOException e) {
            throw Failures.of("read layer " + diffId, e);
        }
    }

    /** Makes the index from the tree that is at hand. */
    void write(Lower lower, MergedTree tree) {
        String step = "write index " + lower.name();
        Path work = workspace.create(step);
        try {
            CRC32C checksum = new CRC32C();
            Path index = work.resolve(INDEX);
            try (OutputStream out = new CheckedOutputStream(Files.newOutputStream(index), checksum)) {
                ErofsIndex.write(tree, out);
            }
            List<IndexAbout.Device> devices = tree.devices().stream()
                    .map(d -> new IndexAbout.Device(lower.layers().get(d.layer()), d.extra()))
                    .toList();
            IndexAbout about = new IndexAbout(lower.layers(), devices, Files.size(index), checksum.getValue());
            Files.writeString(work.resolve(ABOUT), about.write(), StandardCharsets.UTF_8);
            Files.createDirectory(work.resolve("mount"));
            workspace.publish(work, images, lower.name()); // another one that is there already is the same
        } catch (IOException e) {
            throw Failures.of(step, e);
        } finally {
            workspace.discard(work);
        }
    }

    /** A file that a mount of an index must name. */
    Path device(IndexAbout.Device device) {
        return device.extra() ? layers.extra(device.layer()) : layers.tar(device.layer());
    }

    /** What lies below a snapshot of these layers, lowest first. */
    List<Lower> stack(List<Digest> diffIds) {
        if (diffIds.isEmpty()) {
            return List.of();
        }
        int lowest = Math.max(1, diffIds.size() - MAX_SINGLE);
        for (int merged = diffIds.size(); merged >= lowest; merged--) {
            Lower image = Lower.merged(diffIds.subList(0, merged));
            if (about(image.name()).isPresent()) {
                List<Lower> stack = new ArrayList<>();
                stack.add(image);
                RepeatedLayers.uppermost(diffIds.subList(merged, diffIds.size()))
                        .forEach(diffId -> stack.add(Lower.over(diffId)));
                return stack;
            }
        }
        return List.of(Lower.merged(diffIds));
    }

    /** Takes an index that is not mounted out of sight; empty when it isn't there. */
    Optional<Remains> detach(String name) {
        return workspace.detach(images, name, "remove index " + name);
    }
}
