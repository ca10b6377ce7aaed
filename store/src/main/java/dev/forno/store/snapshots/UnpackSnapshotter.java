package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The snapshotter that works on every kernel: layers unpacked into directories, snapshots as overlayfs over them. */
public final class UnpackSnapshotter {
    /** Its {@link Snapshotter#name}. */
    public static final String NAME = "unpack";

    private UnpackSnapshotter() {}

    /**
     * Opens the directory, or makes it when it isn't there, and removes what a crash left unfinished.
     *
     * @param publishing told of every diffID just before its layer becomes visible
     */
    public static Snapshotter open(Path root, Consumer<Digest> publishing) {
        return open(root, "", publishing);
    }

    /** Opens it and notes why this snapshotter is in use. */
    static Snapshotter open(Path root, String reason, Consumer<Digest> publishing) {
        try {
            Path absolute = Files.createDirectories(root.toAbsolutePath()).toRealPath();
            Path layers = Files.createDirectories(absolute.resolve("layers"));
            Workspace workspace = new Workspace(absolute.resolve("temporary"));
            LayerDirectories directories = new LayerDirectories(layers, workspace, publishing);
            return OverlaySnapshotter.open(absolute, workspace, new UnpackLayering(workspace, directories, reason));
        } catch (IOException e) {
            throw Failures.of("open snapshots " + root, e);
        }
    }
}
