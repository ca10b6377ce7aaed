package dev.forno.engine.containers;

import dev.forno.build.archives.Compression;
import dev.forno.engine.containers.CommitRequest.Committed;
import dev.forno.engine.containers.FileAccess.View;
import dev.forno.engine.images.Images;
import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.PackOptions;
import dev.forno.store.archives.Packer;
import dev.forno.store.archives.TarReader;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.snapshots.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Containers' files. */
final class FileService implements ContainerFiles {
    private static final int BUFFER = 1 << 16;
    /** File systems of the kernel: a copy of the whole tree leaves their content out. */
    private static final Set<String> KERNEL = Set.of("./dev", "./proc", "./sys");

    private final Parts parts;
    private final FileAccess access;
    private final Commits commits;
    private final ContainerEvents events;

    FileService(Parts parts, Commits commits) {
        this.parts = parts;
        this.access = new FileAccess(parts);
        this.commits = commits;
        this.events = new ContainerEvents(parts.events());
    }

    @Override
    public PathStat stat(String ref, String path) {
        ContainerEntry entry = parts.records().find(ref);
        try (View view = access.open(entry, path)) {
            return stat(view, entry, path);
        }
    }

    private static PathStat stat(View view, ContainerEntry entry, String path) {
        try {
            boolean follow = isDirectoryPath(path);
            FileStat stat = follow ? view.root().statFollowing(view.path()) : statOf(view);
            String link = stat.isSymlink() ? view.root().readlink(view.path()) : "";
            return new PathStat(
                    Paths.baseName(Paths.clean(path)), stat.size(), GoFileMode.of(stat), stat.modified(), link);
        } catch (ErrnoException e) {
            throw missing(entry, path, e);
        }
    }

    private static FileStat statOf(View view) throws ErrnoException {
        return Paths.clean(view.path()).equals("/")
                ? view.root().top().fd().stat()
                : view.root().stat(view.path());
    }

    /** A path that ends so names a directory, through links. */
    private static boolean isDirectoryPath(String path) {
        return path.endsWith("/") || path.endsWith("/.");
    }

    private static FornoException missing(ContainerEntry entry, String path, ErrnoException e) {
        return switch (e.errno()) {
            case ErrnoException.ENOENT, ErrnoException.ENOTDIR, ErrnoException.ELOOP ->
                new FornoException(
                        ErrorKind.NOT_FOUND,
                        "Could not find the file " + path + " in container "
                                + entry.value().name(),
                        e);
            default -> FileAccess.failed("look at", e);
        };
    }

    @Override
    public Archive read(String ref, String path) {
        ContainerEntry entry = parts.records().find(ref);
        View view = access.open(entry, path);
        try {
            PathStat stat = stat(view, entry, path);
            events.publish(entry.value(), "archive-path");
            return new OpenArchive(view, stat, isDirectoryPath(path));
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /** A path ready to be archived. */
    private record OpenArchive(View view, PathStat stat, boolean follow, AtomicBoolean closed) implements Archive {
        OpenArchive(View view, PathStat stat, boolean follow) {
            this(view, stat, follow, new AtomicBoolean());
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
            TarWriter tar = new TarWriter(buffered);
            boolean whole = stat.name().equals("/");
            PackOptions options = PackOptions.plain()
                    .transforming(e -> isKernels(e.name()) && whole ? Optional.empty() : Optional.of(e));
            Packer packer = new Packer(tar, options);
            String name = whole ? "." : stat.name();
            if (follow) {
                try (Root directory = view.root().root(view.path())) {
                    packer.pack(directory, "/", name);
                }
            } else {
                packer.pack(view.root(), view.path(), name);
            }
            tar.finish();
            buffered.flush();
        }

        private static boolean isKernels(String name) {
            int second = name.indexOf('/', 2);
            return second > 0 && KERNEL.contains(name.substring(0, second));
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                view.close();
            }
        }
    }

    @Override
    public void write(String ref, String path, InputStream tar, WriteOptions options) throws IOException {
        ContainerEntry entry = parts.records().find(ref);
        try (View view = access.open(entry, path)) {
            requireWritable(entry.value(), path, view);
            try (Root directory = target(view, entry, path);
                    InputStream plain = Compression.decompress(tar)) {
                ExtractOptions extract = options.noOverwriteDirNonDir()
                        ? ExtractOptions.plain().keepingDirectories()
                        : ExtractOptions.plain();
                if (options.copyUidGid()) {
                    extract = extract.transforming(CopyOwner.of(view, entry.value()));
                }
                try (Extractor extractor = new Extractor(directory, extract)) {
                    extractor.extract(new TarReader(plain));
                }
            }
        }
        events.publish(entry.value(), "extract-to-dir");
    }

    private static Root target(View view, ContainerEntry entry, String path) {
        try {
            if (!view.root().statFollowing(view.path()).isDirectory()) {
                throw OptionChecks.invalid("extraction point is not a directory");
            }
            return view.root().root(view.path());
        } catch (ErrnoException e) {
            throw missing(entry, path, e);
        }
    }

    private static void requireWritable(Container c, String path, View view) {
        Optional<MountPoint> mount = FileAccess.mountOf(c, Paths.clean(path));
        if (mount.isPresent() && !mount.get().writable()) {
            throw new FornoException(ErrorKind.PERMISSION_DENIED, "mounted volume is marked read-only");
        }
        if (c.host().security().readonlyRootfs() && isOfRoot(view, mount.isEmpty())) {
            throw new FornoException(ErrorKind.PERMISSION_DENIED, "container rootfs is marked read-only");
        }
    }

    /** Whether the path leads to the container's own file system: a link in a volume may lead out of it, or into another. */
    private static boolean isOfRoot(View view, boolean ifMissing) {
        try {
            return view.root().statFollowing(view.path()).mountId()
                    == view.root().statFollowing("/").mountId();
        } catch (ErrnoException e) {
            return ifMissing;
        }
    }

    @Override
    public List<Change> changes(String ref) {
        ContainerEntry entry = parts.records().find(ref);
        return parts.snapshot(entry.id()).changes().stream()
                .map(c -> new Change(
                        switch (c.kind()) {
                            case MODIFIED -> ChangeKind.MODIFIED;
                            case ADDED -> ChangeKind.ADDED;
                            case DELETED -> ChangeKind.DELETED;
                        },
                        c.path()))
                .toList();
    }

    @Override
    public void export(String ref, OutputStream tar) throws IOException {
        ContainerEntry entry = parts.records().find(ref);
        try (View view = access.openFileSystem(entry)) {
            BufferedOutputStream buffered = new BufferedOutputStream(tar, BUFFER);
            TarWriter writer = new TarWriter(buffered);
            new Packer(writer, PackOptions.plain()).pack(view.root(), "/", "");
            writer.finish();
            buffered.flush();
        }
        events.publish(entry.value(), "export");
    }

    @Override
    public Committed commit(CommitRequest request) {
        return commits.commit(request);
    }

    @Override
    public Sizes sizes(String ref) {
        ContainerEntry entry = parts.records().find(ref);
        long writable =
                parts.snapshotter().snapshot(entry.id()).map(Snapshot::usage).orElse(0L);
        return new Sizes(
                writable, writable + imageSize(parts.images(), entry.value().imageId()));
    }

    private static long imageSize(Images images, String id) {
        try {
            return images.inspect(id).size();
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return 0; // removed by force
            }
            throw e;
        }
    }
}
