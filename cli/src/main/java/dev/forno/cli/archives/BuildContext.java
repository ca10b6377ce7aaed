package dev.forno.cli.archives;

import dev.forno.oci.patterns.IgnorePatterns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A directory to build from: its files without those that {@code .dockerignore} excludes, and the Dockerfile wherever it
 * is.
 */
public final class BuildContext {
    /** The name that a Dockerfile from outside the context gets in it. */
    private static final String FOREIGN = ".dockerfile.forno";

    private static final String IGNORE = ".dockerignore";

    private final Path directory;
    private final IgnorePatterns ignored;
    private final String dockerfile;
    private final byte @Nullable [] foreign;

    private BuildContext(Path directory, IgnorePatterns ignored, String dockerfile, byte @Nullable [] foreign) {
        this.directory = directory;
        this.ignored = ignored;
        this.dockerfile = dockerfile;
        this.foreign = foreign;
    }

    /**
     * A context whose Dockerfile is a file.
     *
     * @param file the Dockerfile's path, null for {@code Dockerfile} in the directory
     * @throws IOException when something is missing, in the Docker command line's words
     */
    public static BuildContext of(Path directory, @Nullable String file) throws IOException {
        Path root;
        try {
            root = directory.toRealPath();
        } catch (NoSuchFileException e) {
            throw new IOException("unable to prepare context: path \"" + directory + "\" not found", e);
        }
        if (!Files.isDirectory(root)) {
            throw new IOException("unable to prepare context: context must be a directory: " + directory);
        }
        Path path = file == null ? root.resolve("Dockerfile") : Path.of(file).toAbsolutePath();
        if (file == null && !Files.exists(path) && Files.exists(root.resolve("dockerfile"))) {
            path = root.resolve("dockerfile");
        }
        Path real;
        try {
            real = path.toRealPath();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat " + path
                            + ": no such file or directory",
                    e);
        }
        Path own = path.toAbsolutePath().normalize();
        boolean inside = real.startsWith(root)
                && own.startsWith(directory.toAbsolutePath().normalize());
        IgnorePatterns ignored = patterns(root, path);
        if (!inside) {
            return new BuildContext(root, ignored, FOREIGN, Files.readAllBytes(real));
        }
        String name = directory.toAbsolutePath().normalize().relativize(own).toString();
        return new BuildContext(root, ignored, name, null);
    }

    /** A context whose Dockerfile was read elsewhere. */
    public static BuildContext of(Path directory, byte[] dockerfile) throws IOException {
        Path root = directory.toRealPath();
        return new BuildContext(root, patterns(root, null), FOREIGN, dockerfile);
    }

    // a Dockerfile may have patterns of its own beside it
    private static IgnorePatterns patterns(Path root, @Nullable Path dockerfile) throws IOException {
        Path own = dockerfile == null ? null : dockerfile.resolveSibling(dockerfile.getFileName() + IGNORE);
        Path file = own != null && Files.isRegularFile(own) ? own : root.resolve(IGNORE);
        return Files.isRegularFile(file) ? IgnorePatterns.parse(Files.readString(file)) : IgnorePatterns.NONE;
    }

    /** The Dockerfile's name in the context. */
    public String dockerfile() {
        return dockerfile;
    }

    /** Writes the archive. */
    public void write(OutputStream out) throws IOException {
        try (TarWriter archive = new TarWriter(out)) {
            new Tree(archive, Tree.Owners.ROOT).addContents(directory, new Tree.Selection() {
                @Override
                public boolean takes(String path) {
                    // the engine needs these two even when a COPY must not see them
                    return path.equals(dockerfile) || path.equals(IGNORE) || !ignored.excludes(path);
                }

                @Override
                public boolean enters(String path) {
                    return dockerfile.startsWith(path + "/") || ignored.mayIncludeBelow(path);
                }
            });
            if (foreign != null) {
                TarEntry entry =
                        new TarEntry(FOREIGN, TarEntry.Type.FILE, 0644, 0, 0, foreign.length, Instant.EPOCH, "");
                archive.add(entry, new ByteArrayInputStream(foreign));
            }
        }
    }
}
