package dev.forno.store.snapshots;

import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The directories of installed layers, {@code <algorithm>-<hex>} each, with {@link LayerAbout} in {@code about}. A layer
 * is built in the temporary directory and appears, whole and synced, by one rename; it goes by one rename back there. What
 * the disk made of one otherwise, without a whole {@code about}, is no layer: it goes when the store is opened next. One
 * whose {@code about} the disk doesn't give is passed over where layers are looked for, and stays, since snapshots may lie
 * on it: it gets the {@code about} anew when it comes again.
 */
final class LayerDirectories {
    private static final Logger LOG = System.getLogger(LayerDirectories.class.getName());
    private static final String ABOUT = "about";

    private final Path layers;
    private final Workspace workspace;
    private final Consumer<Digest> publishing;

    LayerDirectories(Path layers, Workspace workspace, Consumer<Digest> publishing) {
        this.layers = layers;
        this.workspace = workspace;
        this.publishing = publishing;
        digests().forEach(this::removeUnlessWhole);
    }

    /** What can't be read or removed keeps its space, not the store from opening. */
    private void removeUnlessWhole(Digest diffId) {
        try {
            if (about(diffId).isEmpty()) {
                LOG.log(Level.WARNING, "open layers: " + diffId + " is not whole; removing it");
                detach(diffId).ifPresent(Remains::discard);
            }
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.CANCELLED) {
                throw e;
            }
            LOG.log(Level.WARNING, "open layers: " + e.getMessage() + "; the next opening tries again", e);
        }
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
        boolean published = workspace.publish(work, layers, name(diffId));
        if (!published && !stays(diffId, work)) {
            detach(diffId).ifPresent(Remains::discard); // what is there is not whole
            published = workspace.publish(work, layers, name(diffId));
        }
        if (published) {
            try (Root directory = Root.open(layers)) {
                directory.top().sync();
            }
        }
        return layer(diffId).orElseThrow(() -> new IllegalStateException("layer " + diffId + " vanished"));
    }

    /** Whether the layer that is there is whole, with the note of the working directory where its own can't be read. */
    private boolean stays(Digest diffId, Path work) {
        try {
            return about(diffId).isPresent();
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.CANCELLED) {
                throw e;
            }
            try (Root from = Root.open(work);
                    Root to = Root.open(of(diffId))) {
                from.top().rename(ABOUT, to.top(), ABOUT, Flags.RENAME_EXCHANGE); // never without one
                to.top().sync();
            } catch (IOException notExchanged) {
                e.addSuppressed(notExchanged);
                throw e;
            }
            LOG.log(Level.WARNING, e.getMessage() + "; noted anew", e);
            return true;
        }
    }

    private Optional<Layer> layer(Digest diffId) {
        return about(diffId).map(about -> new Layer(diffId, about.size()));
    }

    /** Empty also when the disk doesn't say. */
    Optional<Layer> find(Digest diffId) {
        try {
            return layer(diffId);
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.CANCELLED) {
                throw e;
            }
            LOG.log(Level.WARNING, e.getMessage() + "; passing over it", e);
            return Optional.empty();
        }
    }

    /** Empty when the layer isn't there or not whole; fails when the disk doesn't say. */
    Optional<LayerAbout> about(Digest diffId) {
        try {
            String text = Files.readString(of(diffId).resolve(ABOUT), StandardCharsets.UTF_8);
            return LayerAbout.read(text);
        } catch (NoSuchFileException | CharacterCodingException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.isRegularFile(of(diffId), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            throw Failures.of("read layer " + diffId, e);
        }
    }

    List<Layer> list() {
        List<Layer> found = new ArrayList<>();
        for (Digest diffId : digests()) {
            find(diffId).ifPresent(found::add);
        }
        found.sort(Comparator.comparing(Layer::diffId));
        return found;
    }

    private List<Digest> digests() {
        List<Digest> digests = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(layers)) {
            for (Path directory : directories) {
                digest(directory.getFileName().toString()).ifPresent(digests::add);
            }
        } catch (IOException e) {
            throw Failures.of("list layers", e);
        }
        return digests;
    }

    /** Files that others put there are not layers. */
    private static Optional<Digest> digest(String name) {
        try {
            return Optional.of(Digest.parse(name.replaceFirst("-", ":")));
        } catch (FornoException e) {
            return Optional.empty();
        }
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
