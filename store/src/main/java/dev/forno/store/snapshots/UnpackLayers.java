package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.TarReader;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Installed layers as directories: {@code layers/<algorithm>-<hex>/tree} with the files and {@code about} beside it. A
 * layer is built in the temporary directory, synced, and appears by one rename.
 */
final class UnpackLayers {
    private final Path layers;
    private final Workspace workspace;
    private final Consumer<Digest> publishing;

    UnpackLayers(Path layers, Workspace workspace, Consumer<Digest> publishing) {
        this.layers = layers;
        this.workspace = workspace;
        this.publishing = publishing;
    }

    Layer install(InputStream tar, Supplier<Digest> diffId) {
        Path work = workspace.create("install layer");
        try {
            Path tree = Files.createDirectory(work.resolve("tree"));
            LayerAbout about = extract(tar, tree);
            Digest digest = diffId.get();
            return publish(work, digest, about);
        } catch (IOException e) {
            throw Failures.of("install layer", e);
        } finally {
            workspace.discard(work);
        }
    }

    private static LayerAbout extract(InputStream in, Path tree) throws IOException {
        try (Root root = Root.open(tree);
                Extractor extractor = new Extractor(root, ExtractOptions.layer())) {
            try (Fd top = root.open("", Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
                top.chmod(0755);
            }
            TarReader tar = new TarReader(in);
            extractor.extract(tar);
            tar.drain();
            return new LayerAbout(extractor.bytes(), extractor.rootSet(), List.copyOf(extractor.impliedDirectories()));
        }
    }

    /** Makes {@code tree} of the working directory the layer, unless it is there already. */
    Layer publish(Path work, Digest diffId, LayerAbout about) throws IOException {
        Files.writeString(work.resolve("about"), about.write(), StandardCharsets.UTF_8);
        try (Fd directory = Fd.open(work, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            directory.syncFileSystem(); // once for all files; one fsync for each would take far longer
        }
        publishing.accept(diffId);
        if (workspace.publish(work, layers, name(diffId))) {
            try (Root directory = Root.open(layers)) {
                directory.top().sync();
            }
        }
        return find(diffId).orElseThrow(() -> new IllegalStateException("layer " + diffId + " vanished"));
    }

    Optional<Layer> find(Digest diffId) {
        return about(diffId).map(about -> new Layer(diffId, about.size()));
    }

    Optional<LayerAbout> about(Digest diffId) {
        Path file = layers.resolve(name(diffId)).resolve("about");
        try {
            return Optional.of(LayerAbout.read(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.of("read layer " + diffId, e);
        }
    }

    Path tree(Digest diffId) {
        return layers.resolve(name(diffId)).resolve("tree");
    }

    List<Layer> list() {
        List<Layer> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(layers)) {
            for (Path directory : directories) {
                find(Digest.parse(directory.getFileName().toString().replaceFirst("-", ":")))
                        .ifPresent(found::add);
            }
        } catch (IOException e) {
            throw Failures.of("list layers", e);
        }
        found.sort(java.util.Comparator.comparing(Layer::diffId));
        return found;
    }

    /** Removes the layer: gone by one rename, its files after. */
    void remove(Digest diffId) {
        workspace.moveAway(layers, name(diffId), "remove layer " + diffId);
    }

    private static String name(Digest diffId) {
        return diffId.algorithm() + "-" + diffId.hex();
    }
}
