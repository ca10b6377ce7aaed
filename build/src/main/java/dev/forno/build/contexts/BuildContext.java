package dev.forno.build.contexts;

import dev.forno.build.archives.Compression;
import dev.forno.build.archives.Extraction;
import dev.forno.build.archives.ExtractionLimits;
import dev.forno.build.copies.RemoteFile;
import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.IgnorePatterns;
import dev.forno.store.archives.TarReader;
import dev.forno.store.failures.Failures;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** A context's files in a directory that is removed on close. For one build; reading is thread-safe. */
public final class BuildContext implements AutoCloseable {
    private static final String FILES = "context";

    private final Path directory;
    private final Root root;

    private BuildContext(Path directory, Root root) {
        this.directory = directory;
        this.root = root;
    }

    /**
     * Extracts a tar archive, plain or compressed, into {@code directory}, which must be new and becomes this object's.
     * The stream is read to its end. Throws {@link ErrorKind#INVALID_ARGUMENT} for what is no archive.
     */
    public static BuildContext extract(InputStream tar, Path directory, ExtractionLimits limits) {
        try {
            Files.createDirectories(directory.resolve(FILES));
            BuildContext context = new BuildContext(directory, Root.open(directory.resolve(FILES)));
            try (InputStream plain = Compression.decompress(tar)) {
                Extraction.extract(plain, context.root, "", new Extraction.Overrides(0, 0, false), limits);
                // What follows the archive means nothing, but a request counts as read only at its end.
                plain.transferTo(OutputStream.nullOutputStream());
                tar.transferTo(OutputStream.nullOutputStream());
                return context;
            } catch (IOException | RuntimeException e) {
                context.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "Error processing tar file: " + e.getMessage(), e);
        }
    }

    /**
     * Fetches a context over http or https: a tar archive, or a single Dockerfile. Throws {@link ErrorKind#NOT_IMPLEMENTED} for
     * a git repository.
     */
    public static BuildContext fetch(String address, Path directory, ExtractionLimits limits)
            throws InterruptedException {
        if (RemoteFile.isRepository(address) || !RemoteFile.isAddress(address)) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "build from " + address
                            + ": git repositories are not in this version; clone it and build the directory");
        }
        Path fetched = directory.resolve("fetched");
        try {
            Files.createDirectories(fetched);
            RemoteFile.fetch(address, null, fetched, "Dockerfile");
            Path file = fetched.resolve(RemoteFile.FILE);
            if (isArchive(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    return extract(in, directory, limits);
                }
            }
            if (Files.size(file) > Dockerfile.MAX_LENGTH) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "build from " + address + ": neither an archive nor a Dockerfile");
            }
            return ofDockerfile(Files.readAllBytes(file), directory);
        } catch (IOException e) {
            throw Failures.of("fetch context", e);
        } finally {
            Scratch.remove(fetched);
        }
    }

    private static boolean isArchive(Path file) throws IOException {
        try (InputStream in = Compression.decompress(Files.newInputStream(file))) {
            return new TarReader(in).next().isPresent();
        } catch (FornoException | ZipException | EOFException e) {
            return false;
        }
    }

    /** A context that holds only this Dockerfile, under the name {@code Dockerfile}. */
    public static BuildContext ofDockerfile(byte[] text, Path directory) {
        try {
            Files.createDirectories(directory.resolve(FILES));
            Files.write(directory.resolve(FILES).resolve("Dockerfile"), text);
            return new BuildContext(directory, Root.open(directory.resolve(FILES)));
        } catch (IOException e) {
            throw Failures.of("store Dockerfile", e);
        }
    }

    /** The context's files. */
    public Root root() {
        return root;
    }

    /** A directory for the build's other temporary files. */
    public Path scratch() {
        return directory;
    }

    /**
     * Reads and parses the Dockerfile at that path, then leaves it and {@code .dockerignore} out of the context when that
     * file says so. Throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's texts.
     */
    public Dockerfile dockerfile(String path) {
        String text = read(path);
        if (text.isBlank()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "the Dockerfile (" + path + ") cannot be empty");
        }
        Dockerfile parsed = Dockerfile.parse(text);
        try {
            applyIgnoreFile(path);
        } catch (ErrnoException e) {
            throw Failures.of("apply .dockerignore", e);
        }
        return parsed;
    }

    private String read(String path) {
        try {
            return new String(root.readAll(path, Dockerfile.MAX_LENGTH), StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            String reason = e.errno() == ErrnoException.ENOENT ? "" : " (" + e.getMessage() + ")";
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "Cannot locate specified Dockerfile: " + path + reason, e);
        }
    }

    /** A client sends both files whatever it excludes, because the build needs them; COPY must not see them then. */
    private void applyIgnoreFile(String dockerfile) throws ErrnoException {
        if (root.find(".dockerignore").isEmpty()) {
            return;
        }
        String text = new String(root.readAll(".dockerignore", 1 << 20), StandardCharsets.UTF_8);
        IgnorePatterns patterns = IgnorePatterns.parse(text);
        for (String path : new String[] {dockerfile, ".dockerignore"}) {
            if (patterns.excludes(path) && root.find(path).isPresent()) {
                root.unlink(path);
            }
        }
    }

    @Override
    public void close() {
        try {
            root.close();
        } catch (ErrnoException e) {
            throw Failures.of("close build context", e);
        } finally {
            Scratch.remove(directory);
        }
    }
}
