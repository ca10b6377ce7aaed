package dev.forno.store.contents;

import static java.util.Objects.requireNonNull;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Content as an OCI image layout (image spec, image-layout.md): {@code oci-layout}, {@code index.json} and
 * {@code blobs/<algorithm>/<hex>}. The index is empty, since names are kept in the metadata. Ingests live beside the
 * layout; one that wasn't resumed for a day is removed at open and by collections, one that can't be resumed always at open.
 */
public final class LayoutContentStore implements ContentStore {
    private static final List<String> ALGORITHMS = List.of("sha256", "sha512");
    private static final String ONCE = "once-";

    private final Path layout;
    private final Path ingests;
    private final Consumer<Digest> publishing;
    private final Set<String> openIngests = ConcurrentHashMap.newKeySet();
    private final AtomicLong onceIngests = new AtomicLong();

    private LayoutContentStore(Path layout, Path ingests, Consumer<Digest> publishing) {
        this.layout = layout;
        this.ingests = ingests;
        this.publishing = publishing;
    }

    /**
     * Opens the content, or makes it when it isn't there, and removes what a crash left.
     *
     * @param layout the directory of the layout
     * @param ingests the directory of unfinished blobs, on the same file system
     * @param publishing told of every digest just before its blob becomes visible
     */
    public static LayoutContentStore open(Path layout, Path ingests, Consumer<Digest> publishing, InstantSource clock) {
        LayoutContentStore store = new LayoutContentStore(layout, ingests, publishing);
        try {
            for (String algorithm : ALGORITHMS) {
                Files.createDirectories(layout.resolve("blobs").resolve(algorithm));
            }
            Files.createDirectories(ingests);
            writeOnce(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
            writeOnce(
                    layout.resolve("index.json"),
                    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}");
            store.removeStaleIngests(clock.instant().minus(RESUMABLE_FOR));
            return store;
        } catch (IOException e) {
            throw Failures.of("open content " + layout, e);
        }
    }

    private static void writeOnce(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void removeStaleIngests(Instant before) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ingests)) {
            for (Path file : files) {
                boolean useless = file.getFileName().toString().startsWith(ONCE) || Files.size(file) == 0;
                if (useless || Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Override
    public Optional<BlobStat> stat(Digest digest) {
        try {
            Path blob = path(digest);
            Map<String, Object> attributes = Files.readAttributes(blob, "unix:size,lastModifiedTime,nlink");
            return Optional.of(new BlobStat(
                    digest,
                    (Long) requireNonNull(attributes.get("size")),
                    ((FileTime) requireNonNull(attributes.get("lastModifiedTime"))).toInstant(),
                    (Integer) requireNonNull(attributes.get("nlink")) > 1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.of("look for blob " + digest, e);
        }
    }

    @Override
    public SeekableByteChannel open(Digest digest) {
        try {
            return FileChannel.open(path(digest), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new FornoException(ErrorKind.NOT_FOUND, "open blob " + digest + ": not in the store", e);
        } catch (IOException e) {
            throw Failures.of("open blob " + digest, e);
        }
    }

    @Override
    public byte[] readAll(Digest digest, int limit) {
        byte[] bytes;
        try (SeekableByteChannel channel = open(digest)) {
            if (channel.size() > limit) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "read blob " + digest + ": " + channel.size() + " bytes, the limit is " + limit);
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // reads until the buffer is full or the file ends early, which the digest shows
            }
            bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
        } catch (IOException e) {
            throw Failures.of("read blob " + digest, e);
        }
        if (!Digest.of(digest.newAccumulator().digest(bytes), digest.algorithm())
                .equals(digest)) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "read blob " + digest + ": its bytes don't match its digest; the stored file is damaged");
        }
        return bytes;
    }

    @Override
    public Ingest ingest(String key) {
        return openIngest(occupied(key), key, true);
    }

    @Override
    public void discard(String key) {
        String name = occupied(key);
        try {
            discard(ingests.resolve(name));
        } finally {
            openIngests.remove(name);
        }
    }

    /** The name of a key's file, which from now on is ours. */
    private String occupied(String key) {
        String name =
                "resumable-" + Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex();
        if (!openIngests.add(name)) {
            throw new FornoException(
                    ErrorKind.UNAVAILABLE, "ingest " + key + ": the same content is being written by another request");
        }
        return name;
    }

    @Override
    public Ingest ingest() {
        String name = ONCE + onceIngests.incrementAndGet();
        openIngests.add(name);
        return openIngest(name, name, false);
    }

    private Ingest openIngest(String name, String key, boolean resumable) {
        try {
            return new FileIngest(this, key, ingests.resolve(name), resumable, () -> openIngests.remove(name));
        } catch (IOException e) {
            openIngests.remove(name);
            throw Failures.of("ingest " + key, e);
        }
    }

    /** Makes a finished, synced file the blob of a digest. */
    void publish(Path file, Digest digest) throws IOException {
        publishing.accept(digest);
        Path blob = path(digest);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("r--r--r--"));
        Files.move(file, blob, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        syncDirectoryOf(blob);
    }

    @Override
    public BlobStat link(Path file, Digest digest) {
        Path blob = path(digest);
        Path temporary = ingests.resolve(ONCE + onceIngests.incrementAndGet());
        try {
            publishing.accept(digest);
            if (!Files.exists(blob) || !Files.isSameFile(file, blob)) {
                Files.createLink(temporary, file);
                Files.move(temporary, blob, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                syncDirectoryOf(blob);
            }
        } catch (IOException e) {
            throw Failures.of("link blob " + digest, e);
        } finally {
            discard(temporary);
        }
        return stat(digest)
                .orElseThrow(() -> new FornoException(
                        ErrorKind.INTERNAL, "link blob " + digest + ": removed by someone else meanwhile"));
    }

    /** A rename does nothing when both names are links of one file: somebody else linked it meanwhile. */
    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw Failures.of("discard " + temporary, e);
        }
    }

    private static void syncDirectoryOf(Path blob) throws IOException {
        try (FileChannel directory = FileChannel.open(blob.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public List<BlobStat> list() {
        List<BlobStat> blobs = new ArrayList<>();
        for (String algorithm : ALGORITHMS) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(layout.resolve("blobs").resolve(algorithm))) {
                for (Path file : files) {
                    digest(algorithm, file.getFileName().toString())
                            .flatMap(this::stat)
                            .ifPresent(blobs::add);
                }
            } catch (IOException e) {
                throw Failures.of("list blobs", e);
            }
        }
        blobs.sort(java.util.Comparator.comparing(BlobStat::digest));
        return blobs;
    }

    /** Files that others put there are not blobs. */
    private static Optional<Digest> digest(String algorithm, String hex) {
        try {
            return Optional.of(new Digest(algorithm, hex));
        } catch (FornoException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Remains> detach(Digest digest) {
        try {
            return Optional.of(detach(path(digest)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.of("delete blob " + digest, e);
        }
    }

    /** Moves a file to where it is removed at the latest when the store is opened next. */
    private Remains detach(Path file) throws IOException {
        Path grave = ingests.resolve(ONCE + onceIngests.incrementAndGet());
        Files.move(file, grave, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        return new Remains() {
            @Override
            public Path path() {
                return grave;
            }

            @Override
            public void discard() {
                LayoutContentStore.discard(grave);
            }
        };
    }

    @Override
    public List<Remains> detachPartial(Instant untouchedSince) {
        List<Remains> detached = new ArrayList<>();
        for (Place place : ingests(Place.Kind.PARTIAL)) {
            // An ingest of that name can't be begun meanwhile; so only old ones are looked at more closely.
            if (isStale(place, untouchedSince) && openIngests.add(place.name())) {
                try {
                    FileTime touched = Files.getLastModifiedTime(place.path());
                    if (touched.toInstant().isBefore(untouchedSince)) {
                        detached.add(detach(place.path()));
                    }
                } catch (NoSuchFileException e) {
                    // it became a blob meanwhile
                } catch (IOException e) {
                    throw Failures.of("remove partial download " + place.path(), e);
                } finally {
                    openIngests.remove(place.name());
                }
            }
        }
        return detached;
    }

    @Override
    public boolean isStale(Place partial, Instant untouchedSince) {
        try {
            return !openIngests.contains(partial.name())
                    && Files.getLastModifiedTime(partial.path()).toInstant().isBefore(untouchedSince);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failures.of("look at partial download " + partial.path(), e);
        }
    }

    @Override
    public List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (BlobStat blob : list()) {
            places.add(new Place(Place.Kind.BLOB, blob.digest().toString(), path(blob.digest())));
        }
        places.addAll(ingests(Place.Kind.PARTIAL));
        places.addAll(ingests(Place.Kind.TEMPORARY));
        return places;
    }

    /** The ingests that can be resumed, or those that can't. */
    private List<Place> ingests(Place.Kind kind) {
        List<Place> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ingests)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.startsWith(ONCE) == (kind == Place.Kind.TEMPORARY)) {
                    found.add(new Place(kind, name, file));
                }
            }
        } catch (IOException e) {
            throw Failures.of("list ingests", e);
        }
        return found;
    }

    private Path path(Digest digest) {
        return layout.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }
}
