package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.TarReader;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Layers as trees of files: {@code tree} in each layer's directory. */
final class UnpackLayering implements Layering {
    private final Workspace workspace;
    private final LayerDirectories layers;
    private final String reason;

    UnpackLayering(Workspace workspace, LayerDirectories layers, String reason) {
        this.workspace = workspace;
        this.layers = layers;
        this.reason = reason;
    }

    @Override
    public String name() {
        return UnpackSnapshotter.NAME;
    }

    @Override
    public List<Fact> facts() {
        return List.of(new Fact("Layers", "unpacked" + (reason.isEmpty() ? "" : " (" + reason + ")")));
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
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
            return new LayerAbout(
                    extractor.bytes(), extractor.rootSet(), null, List.copyOf(extractor.impliedDirectories()));
        }
    }

    @Override
    public Layer seal(SnapshotLayout snapshot, Digest diffId) throws IOException {
        Path work = workspace.create("commit snapshot");
        try {
            long size = snapshot.usage();
            try (Root upper = Root.open(snapshot.upper())) {
                new SocketRemoval().in(upper.top());
            }
            Files.move(snapshot.upper(), work.resolve("tree"), StandardCopyOption.ATOMIC_MOVE);
            return publish(work, diffId, new LayerAbout(size, false, null, List.of()));
        } finally {
            workspace.discard(work);
        }
    }

    @Override
    public Layer capture(SnapshotLayout snapshot, OutputStream copy, boolean last) throws IOException {
        if (last) {
            DigestOutputStream hashed = new DigestOutputStream(copy, Digest.newSha256());
            write(snapshot, hashed);
            return seal(snapshot, digest(hashed));
        }
        Path work = workspace.create("export snapshot");
        try {
            Path tar = work.resolve("layer.tar");
            Digest diffId;
            try (OutputStream file = Files.newOutputStream(tar);
                    DigestOutputStream hashed =
                            new DigestOutputStream(new TwoOutputs(file, copy), Digest.newSha256())) {
                write(snapshot, hashed);
                diffId = digest(hashed);
            }
            try (InputStream in = Files.newInputStream(tar)) {
                return install(in, () -> diffId);
            }
        } finally {
            workspace.discard(work);
        }
    }

    private static void write(SnapshotLayout snapshot, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 17);
        snapshot.writeDiff(new TarWriter(buffered));
        buffered.flush();
    }

    private static Digest digest(DigestOutputStream hashed) {
        return Digest.of(hashed.getMessageDigest().digest(), Digest.SHA256);
    }

    private Layer publish(Path work, Digest diffId, LayerAbout about) throws IOException {
        LayerDirectories.write(work, about);
        try (Fd directory = Fd.open(work, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            directory.syncFileSystem(); // once for all files; one fsync for each would take far longer
        }
        return layers.publish(work, diffId);
    }

    @Override
    public Optional<Layer> find(Digest diffId) {
        return layers.find(diffId);
    }

    @Override
    public List<Layer> list() {
        return layers.list();
    }

    @Override
    public Optional<Remains> detach(Digest diffId) {
        return layers.detach(diffId);
    }

    @Override
    public List<Place> places() {
        return layers.places();
    }

    private Path tree(Digest diffId) {
        return layers.of(diffId).resolve("tree");
    }

    @Override
    public boolean keepsTars() {
        return false;
    }

    @Override
    public Optional<Path> tar(Digest diffId) {
        return Optional.empty(); // only its files were kept
    }

    @Override
    public void index(List<Digest> diffIds) {
        try {
            // the directories are all that it takes; containers have a layer of mount points above the image's
            requireDepth("index image", RepeatedLayers.uppermost(diffIds).size(), Mounts.maxOverlayLowers() - 2);
        } catch (IOException e) {
            throw Failures.of("index image", e);
        }
    }

    /** Docker's clients know the first words. */
    private static void requireDepth(String step, int depth, int most) {
        if (depth > most) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    step + ": max depth exceeded: of " + depth + " unpacked layers the kernel can lay at most " + most
                            + " over one another; build the image with fewer layers");
        }
    }

    @Override
    public void equip(SnapshotLayout snapshot, List<Digest> diffIds) throws IOException {
        List<Digest> shown = RepeatedLayers.uppermost(diffIds);
        requireDepth(
                "prepare snapshot", shown.size(), Mounts.maxOverlayLowers() - 1); // the snapshot has a base of its own
        Files.createDirectory(snapshot.base());
        ImpliedDirectories.create(
                snapshot.base(),
                shown.stream()
                        .map(d -> new ImpliedDirectories.Part(
                                tree(d), layers.about(d).orElseThrow().implied()))
                        .toList());
        for (Digest diffId : shown.reversed()) {
            if (layers.about(diffId).filter(LayerAbout::rootSet).isPresent()) {
                try (Fd tree = Fd.open(tree(diffId), Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
                    FileStat stat = tree.stat();
                    snapshot.setRoot(new RootAttributes(stat.mode(), stat.uid(), stat.gid(), stat.modified()));
                }
                return;
            }
        }
    }

    @Override
    public Lowers lowers(SnapshotLayout snapshot) throws IOException {
        List<Path> directories = new ArrayList<>();
        directories.add(snapshot.base());
        for (Digest diffId : RepeatedLayers.uppermost(snapshot.layers()).reversed()) {
            Path tree = tree(diffId);
            if (!Files.isDirectory(tree)) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "open snapshot " + snapshot.directory().getFileName() + ": its layer " + diffId
                                + " is not there any more");
            }
            directories.add(tree);
        }
        return new Directories(directories);
    }

    @Override
    public List<Path> paths(SnapshotLayout snapshot) throws IOException {
        List<Path> paths = new ArrayList<>();
        paths.add(snapshot.base());
        RepeatedLayers.uppermost(snapshot.layers()).reversed().forEach(diffId -> paths.add(tree(diffId)));
        return paths;
    }

    private record Directories(List<Path> directories) implements Lowers {
        @Override
        public void close() {
            // they are simply there
        }
    }

    @Override
    public void close() {
        // nothing is held
    }
}
