package dev.forno.store.snapshots;

import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The directories of installed layers, {@code <algorithm>-<hex>} each, with {@link LayerAbout} in {@code about}. A layer
 * is built in the temporary directory and appears by one rename.
 */
final class LayerDirectories {
    private static final String ABOUT = "about";

    private final Path layers;
    private final Workspace workspace;
    private final Consumer<Digest> publishing;

    LayerDirectories(Path layers, Workspace workspace, Consumer<Digest> publishing) {
        this.layers = layers;
        this.workspace = workspace;
        this.publishing = publishing;
    }

    /** The name of a digest as a file. */
    static String name(Digest digest) {
        return digest.algorithm() + "-" + digest.hex();
    }

    /** The directory of a layer, which need not be there. */
    Path of(Digest diffId) {
        return layers.resolve(name(diffId));
    }

    /** Writes what is noted beside the layer, before {@link #publish}. */
    static Path write(Path work, LayerAbout about) throws IOException {
        return Files.writeString(work.resolve(ABOUT), about.write(), StandardCharsets.UTF_8);
    }

    /** Makes the synced working directory the layer, unless it is there already. */
    Layer publish(Path work, Digest diffId) throws IOException {
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
        try {
            String text = Files.readString(of(diffId).resolve(ABOUT), StandardCharsets.UTF_8);
            return Optional.of(LayerAbout.read(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.of("read layer " + diffId, e);
        }
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
        found.sort(Comparator.comparing(Layer::diffId));
        return found;
    }

    /** Takes a layer out of sight; empty when it isn't there. */
    Optional<Remains> detach(Digest diffId) {
        return workspace.detach(layers, name(diffId), "remove layer " + diffId);
    }

    List<Place> places() {
        return list().stream()
                .map(Layer::diffId)
                .map(diffId -> new Place(Place.Kind.LAYER, diffId.toString(), of(diffId)))
                .toList();
    }
}
