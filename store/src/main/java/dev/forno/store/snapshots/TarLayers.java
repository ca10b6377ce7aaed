package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.failures.Failures;
import dev.forno.store.indexes.LayerEntry;
import dev.forno.store.indexes.LayerTree;
import dev.forno.store.indexes.TreeBuilder;
import dev.forno.store.indexes.TreeScan;
import dev.forno.store.streams.CopyingInput;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Layers as they come: in each layer's directory {@code layer.tar}, the uncompressed tar byte for byte, {@code tree}, what is
 * where in it, and {@code extra}, contents that can't be pointed to in the tar, if there are any. A tree that is damaged is
 * made anew from the tar.
 */
final class TarLayers {
    private static final Logger LOG = System.getLogger(TarLayers.class.getName());
    private static final String TAR = "layer.tar";
    private static final String TREE = "tree";
    private static final String EXTRA = "extra";
    private static final int BUFFER = 1 << 17;

    private final LayerDirectories directories;
    private final Workspace workspace;
    private final FreshTrees fresh = new FreshTrees();

    TarLayers(LayerDirectories directories, Workspace workspace) {
        this.directories = directories;
        this.workspace = workspace;
    }

    /** The layer's tar. */
    Path tar(Digest diffId) {
        return directories.of(diffId).resolve(TAR);
    }

    /** The layer's further contents; most layers have none. */
    Path extra(Digest diffId) {
        return directories.of(diffId).resolve(EXTRA);
    }

    /** See {@link Snapshotter#install}. */
    Layer install(InputStream tar, Supplier<Digest> diffId) {
        Path work = workspace.create("install layer");
        try (LayerFile file = new LayerFile(work.resolve(TAR))) {
            LayerTree tree = TreeScan.scan(new CopyingInput(tar, file), work.resolve(EXTRA));
            Layer layer = publish(work, file, tree, diffId.get());
            fresh.keep(layer.diffId(), tree);
            return layer;
        } catch (IOException e) {
            throw Failures.of("install layer", e);
        } finally {
            workspace.discard(work);
        }
    }

    /** Judges the digest of a layer's tar before the layer is published; throws to refuse it. */
    interface Check {
        void check(Digest diffId);
    }

    /** A new layer and its tree. */
    record Captured(Layer layer, LayerTree tree) {}

    /** Makes a layer of a snapshot's changes: its tar is written, hashed and indexed in one pass. */
    Captured capture(SnapshotLayout snapshot, OutputStream copy, Check check) throws IOException {
        Path work = workspace.create("commit snapshot");
        try (LayerFile file = new LayerFile(work.resolve(TAR))) {
            DigestOutputStream hashed = new DigestOutputStream(new TwoOutputs(file, copy), Digest.newSha256());
            TreeBuilder builder = new TreeBuilder();
            TarWriter tar = new TarWriter(new BufferedOutputStream(hashed, BUFFER), builder::add);
            snapshot.writeDiff(tar);
            Digest diffId = Digest.of(hashed.getMessageDigest().digest(), Digest.SHA256);
            check.check(diffId);
            LayerTree tree = builder.build(tar.position());
            return new Captured(publish(work, file, tree, diffId), tree);
        } finally {
            workspace.discard(work);
        }
    }

    /** The small files are on their way to the disk before the first of all is waited for: one wait, not four. */
    private Layer publish(Path work, LayerFile tar, LayerTree tree, Digest diffId) throws IOException {
        try (LayerFile small = new LayerFile(work.resolve(TREE));
                Fd about = Fd.open(LayerDirectories.write(work, about(tree)), Flags.O_WRONLY, 0)) {
            tree.write(small);
            small.flush();
            small.startWriting();
            about.startWriting(0, 0);
            tar.flush();
            tar.startWriting();
            tar.sync();
            tar.dropCache();
            small.sync();
            about.sync();
        }
        if (tree.extraBytes() > 0) {
            sync(work.resolve(EXTRA), 0);
        }
        sync(work, Flags.O_DIRECTORY);
        return directories.publish(work, diffId);
    }

    private static void sync(Path path, int flags) throws IOException {
        try (Fd fd = Fd.open(path, Flags.O_RDONLY | flags, 0)) {
            fd.sync();
        }
    }

    private static LayerAbout about(LayerTree tree) {
        LayerEntry top = tree.root();
        RootAttributes attributes = new RootAttributes(top.mode(), top.uid(), top.gid(), top.modified());
        return new LayerAbout(
                tree.fileBytes(), tree.describesRoot(), tree.describesRoot() ? attributes : null, tree.implied());
    }

    /** What is where in the layer's tar. */
    LayerTree tree(Digest diffId) throws IOException {
        Optional<LayerTree> kept = fresh.take(diffId);
        if (kept.isPresent() && hasExtra(diffId, kept.get())) {
            return kept.get();
        }
        Path file = directories.of(diffId).resolve(TREE);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            LayerTree tree = LayerTree.read(in, "layer " + diffId);
            return hasExtra(diffId, tree) ? tree : scanAgain(diffId, "its further contents are not whole");
        } catch (NoSuchFileException e) {
            return scanAgain(diffId, "it is not there");
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.DATA_LOSS) {
                throw e;
            }
            return scanAgain(diffId, String.valueOf(e.getMessage()));
        }
    }

    private boolean hasExtra(Digest diffId, LayerTree tree) throws IOException {
        Path extra = extra(diffId);
        return tree.extraBytes() == 0 || (Files.exists(extra) && Files.size(extra) >= tree.extraBytes());
    }

    private LayerTree scanAgain(Digest diffId, String why) throws IOException {
        LOG.log(Level.WARNING, "make the tree of layer " + diffId + " anew from its tar: " + why);
        Path work = workspace.create("scan layer " + diffId);
        try (InputStream file = Files.newInputStream(tar(diffId));
                DigestInputStream in =
                        new DigestInputStream(new BufferedInputStream(file, BUFFER), diffId.newAccumulator())) {
            LayerTree tree = TreeScan.scan(in, work.resolve(EXTRA));
            Digest actual = Digest.of(in.getMessageDigest().digest(), diffId.algorithm());
            if (!actual.equals(diffId)) {
                throw lost(diffId, "its tar has been changed");
            }
            try (LayerFile out = new LayerFile(work.resolve(TREE))) {
                tree.write(out);
                out.sync();
            }
            if (tree.extraBytes() > 0) {
                sync(work.resolve(EXTRA), 0);
                replace(work.resolve(EXTRA), extra(diffId));
            }
            replace(work.resolve(TREE), directories.of(diffId).resolve(TREE));
            sync(directories.of(diffId), Flags.O_DIRECTORY);
            return tree;
        } catch (NoSuchFileException e) {
            throw lost(diffId, "its tar is not there any more");
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.INVALID_ARGUMENT
                    ? lost(diffId, "its tar has been changed: " + e.getMessage())
                    : e;
        } finally {
            workspace.discard(work);
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The failure of a layer that can't be had any more. */
    static FornoException lost(Digest diffId, String why) {
        return new FornoException(
                ErrorKind.DATA_LOSS,
                "read layer " + diffId + ": " + why + "; remove the images that have it and pull them again");
    }
}
