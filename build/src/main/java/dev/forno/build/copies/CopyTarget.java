package dev.forno.build.copies;

import dev.forno.build.archives.Compression;
import dev.forno.build.archives.Extraction;
import dev.forno.build.archives.ExtractionLimits;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.IgnorePatterns;
import dev.forno.store.archives.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes sources to a destination in an image's root. For one thread. */
public final class CopyTarget {
    /**
     * How files are written.
     *
     * @param owner the owner of everything written, or null to keep the sources' (then new directories are root's)
     * @param mode what {@code --chmod} does, or null
     * @param excludes paths inside directories that are left out
     * @param time the modification time of heredocs
     * @param archivesKeepOwners whether extracted files keep the archive's owners
     */
    public record Options(
            @Nullable Owner owner,
            @Nullable ModeChange mode,
            IgnorePatterns excludes,
            Instant time,
            boolean archivesKeepOwners) {}

    private static final int MAX_LINKS = 40;

    private final Root rootfs;
    private final Options options;

    /** A target in this root. */
    public CopyTarget(Root rootfs, Options options) {
        this.rootfs = rootfs;
        this.options = options;
    }

    /**
     * Copies the sources. A file goes into a destination that ends with a slash or is a directory, else it takes the
     * destination's name; the content of a directory goes into the destination; missing directories are made.
     *
     * @param destination absolute, a trailing slash kept
     */
    public void copy(List<CopySource> sources, String destination) throws IOException {
        String path = followLast(destination);
        boolean directory = destination.endsWith("/") || isDirectory(path);
        for (CopySource source : sources) {
            switch (source) {
                case CopySource.Tree tree -> tree(tree, path);
                case CopySource.File file -> file(file, path, directory);
                case CopySource.Inline inline -> inline(inline, path, directory);
            }
        }
    }

    private void tree(CopySource.Tree tree, String path) throws IOException {
        makeDirectories(path);
        try (Root from = tree.root().root(tree.path());
                Directory to = rootfs.directory(path)) {
            new TreeCopy(options.owner(), options.mode(), options.excludes()).content(from.top(), to, "");
        }
    }

    private void file(CopySource.File file, String path, boolean directory) throws IOException {
        if (file.archive() && isArchive(file)) {
            try (InputStream in = new BufferedInputStream(open(file).input());
                    InputStream tar = Compression.decompress(in)) {
                makeDirectories(path);
                Owner owner = options.archivesKeepOwners() ? null : options.owner();
                Extraction.Overrides overrides = new Extraction.Overrides(
                        owner == null ? null : owner.uid(), owner == null ? null : owner.gid(), true);
                Extraction.extract(tar, rootfs, path, overrides, ExtractionLimits.DEFAULT);
            }
            return;
        }
        Place place = place(path, directory, file.name());
        try (Fd source = open(file);
                Directory to = rootfs.directory(place.directory())) {
            FileStat stat = source.stat();
            if (!stat.isFile()) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "copy " + file.path() + ": not a regular file");
            }
            new TreeCopy(options.owner(), options.mode(), IgnorePatterns.NONE)
                    .file(source, stat, to, place.name(), place.name());
            for (String attribute : TreeCopy.copied(file.root().xattrs(file.path()))) {
                Optional<byte[]> value = file.root().xattr(file.path(), attribute);
                if (value.isPresent()) {
                    to.setXattr(place.name(), attribute, value.get());
                }
            }
            to.setTimes(place.name(), null, stat.modified());
        }
    }

    private void inline(CopySource.Inline inline, String path, boolean directory) throws IOException {
        Place place = place(path, directory, inline.name());
        Owner owner = options.owner() == null ? Owner.ROOT : options.owner();
        try (Directory to = rootfs.directory(place.directory())) {
            if (to.find(place.name()).isPresent()) {
                to.unlink(place.name());
            }
            try (Fd target = to.open(place.name(), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600)) {
                target.write(inline.content(), 0, inline.content().length);
            }
            to.chown(place.name(), owner.uid(), owner.gid());
            to.chmod(
                    place.name(), options.mode() == null ? 0644 : options.mode().apply(0644, false));
            to.setTimes(place.name(), null, options.time());
        }
    }

    private record Place(String directory, String name) {}

    private Place place(String path, boolean directory, String name) throws IOException {
        int slash = path.lastIndexOf('/');
        Place place = directory
                ? new Place(path, name)
                : new Place(slash == 0 ? "/" : path.substring(0, slash), path.substring(slash + 1));
        if (place.name().isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "copy to " + path + ": the source has no name");
        }
        makeDirectories(place.directory());
        return place;
    }

    /** Makes missing directories, 0755 and the owner's. */
    private void makeDirectories(String path) throws IOException {
        List<String> made = rootfs.mkdirAll(path, 0755);
        Owner owner = options.owner();
        if (owner != null) {
            for (String directory : made) {
                rootfs.chown(directory, owner.uid(), owner.gid());
            }
        }
    }

    private boolean isDirectory(String path) throws IOException {
        return path.equals("/") || rootfs.find(path).map(FileStat::isDirectory).orElse(false);
    }

    /** Follows links in the last part of a path, so that a link at the destination is written through. */
    private String followLast(String destination) throws IOException {
        String path = clean(destination);
        for (int i = 0; i < MAX_LINKS; i++) {
            if (path.equals("/") || !rootfs.find(path).map(FileStat::isSymlink).orElse(false)) {
                return path;
            }
            String target = rootfs.readlink(path);
            path = clean(target.startsWith("/") ? target : path.substring(0, path.lastIndexOf('/')) + "/" + target);
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "copy to " + destination + ": too many links");
    }

    private static String clean(String path) {
        return dev.forno.build.configs.ContainerPaths.resolve("/", path);
    }

    private static Fd open(CopySource.File file) throws IOException {
        return file.root().open(file.path(), Flags.O_RDONLY | Flags.O_NONBLOCK, 0);
    }

    private static boolean isArchive(CopySource.File file) throws IOException {
        try (Fd fd = open(file)) {
            if (!fd.stat().isFile()) {
                return false;
            }
            byte[] start = new byte[6];
            int n = fd.read(start, 0, start.length);
            if (n <= 0) {
                return false;
            }
            boolean compressed = Compression.of(start) != Compression.NONE;
            fd.seek(0);
            return startsTar(new BufferedInputStream(fd.input()), compressed);
        }
    }

    /** Whether a tar header can be read; a compressed file whose program is missing is an error, not a plain file. */
    private static boolean startsTar(InputStream in, boolean compressed) throws IOException {
        try (InputStream tar = Compression.decompress(in)) {
            return new TarReader(tar).next().isPresent();
        } catch (FornoException e) {
            if (compressed && e.kind() == ErrorKind.UNAVAILABLE) {
                throw e;
            }
            return false;
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            return false;
        }
    }
}
