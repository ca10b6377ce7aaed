package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.Ingest;
import dev.forno.store.layers.Running;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image archive holds, read in one pass: layers go to the store at once, documents are kept in memory. The caller
 * holds a lease meanwhile.
 */
final class ArchiveContents {
    private static final int MAX_DOCUMENT = 8 << 20;
    private static final long MAX_DOCUMENTS = 64L << 20;
    private static final int MAX_ENTRIES = 100_000;
    private static final int PEEK = 512;
    private static final int BUFFER = 1 << 17;

    /** So many layers may wait for the disk while the next ones are read. */
    private static final int MAX_STORING = 4;

    private static final Pattern DIGEST_NAME =
            Pattern.compile("(?:.*/)?(?:sha256:)?([0-9a-f]{64})(?:\\.tar(?:\\.[a-z]+)?)?");

    private final Store store;
    private final Lease lease;
    private final Map<String, Layer> layers = new HashMap<>();
    private final Deque<Storing> storing = new ArrayDeque<>();
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, BlobStat> others = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<Digest, Digest> digests = new HashMap<>();
    private long documentBytes;

    private ArchiveContents(Store store, Lease lease) {
        this.store = store;
        this.lease = lease;
    }

    /** A layer of the archive, in the store. */
    sealed interface Layer {
        /** It was plain: it is installed now, and its blob stored, compressed or as it is. */
        record Installed(StoredLayer layer) implements Layer {}

        /** It was compressed: its blob is stored as it is. */
        record Compressed(BlobStat blob, boolean zstd) implements Layer {
            /** The blob as an OCI layer. */
            Descriptor descriptor() {
                String type = zstd ? MediaTypes.OCI_LAYER_ZSTD : MediaTypes.OCI_LAYER_GZIP;
                return Descriptor.of(type, blob.digest(), blob.size());
            }
        }
    }

    /** A layer that is read, and not in the store yet. */
    private record Storing(String path, Running<StoredLayer> layer) {}

    /** Reads an uncompressed archive to its end. */
    static ArchiveContents read(Store store, Lease lease, InputStream plain) throws IOException {
        ArchiveContents contents = new ArchiveContents(store, lease);
        try {
            contents.readAll(plain);
            contents.settle(0);
            return contents;
        } catch (IOException | RuntimeException e) {
            // A layer that failed may have left the archive in a state that brought about the rest.
            Optional<FornoException> failure = contents.failure();
            if (failure.isPresent()) {
                throw failure.get();
            }
            throw e;
        } finally {
            contents.storing.forEach(left -> left.layer().close());
        }
    }

    private void readAll(InputStream plain) throws IOException {
        TarReader reader = new TarReader(plain);
        int entries = 0;
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            if (++entries > MAX_ENTRIES) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "load images: the archive has more than " + MAX_ENTRIES + " entries");
            }
            requireWhole(entry.get(), reader.segments());
            take(entry.get(), reader.content());
            Optional<FornoException> failure = failure();
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    /** What the first of the layers failed by that have failed. */
    private Optional<FornoException> failure() {
        return storing.stream().flatMap(one -> one.layer().failure().stream()).findFirst();
    }

    /** Waits for layers until no more than so many are left. */
    private void settle(int most) {
        while (storing.size() > most
                || (!storing.isEmpty() && storing.getFirst().layer().isDone())) {
            Storing first = storing.getFirst();
            layers.put(first.path(), new Layer.Installed(first.layer().await()));
            storing.removeFirst();
        }
    }

    /** A few bytes of a sparse file can stand for more zeros than anyone has time to read. */
    private static void requireWhole(TarEntry entry, List<TarReader.Segment> segments) {
        long stored = segments.stream().mapToLong(TarReader.Segment::length).sum();
        if (stored < entry.size()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: \"" + entry.name()
                            + "\" is stored as a sparse file; make the archive without the option for them");
        }
    }

    Optional<Layer> layer(String path) {
        return Optional.ofNullable(layers.get(followed(path)));
    }

    Optional<byte[]> document(String path) {
        return Optional.ofNullable(documents.get(followed(path)));
    }

    /** Whether the archive has a blob as its descriptor says, be it a document, a layer or something else. */
    boolean has(Descriptor blob) {
        String path = followed(ArchiveImage.path(blob));
        Digest digest = blob.contentDigest();
        byte[] document = documents.get(path);
        if (document != null) {
            return document.length == blob.size() && digest(digest, document).equals(digest);
        }
        BlobStat stored =
                switch (layers.get(path)) {
                    case Layer.Compressed compressed -> compressed.blob();
                    case Layer.Installed installed ->
                        store.content()
                                .stat(installed.layer().blob().contentDigest())
                                .orElse(null);
                    case null -> others.get(path);
                };
        return stored != null && stored.digest().equals(digest) && stored.size() == blob.size();
    }

    /** The digest that the document has which is named by that one; computed once, however often the document is listed. */
    Digest digest(Digest named, byte[] document) {
        return digests.computeIfAbsent(
                named, digest -> Digest.of(digest.newAccumulator().digest(document), digest.algorithm()));
    }

    private void take(TarEntry entry, InputStream content) throws IOException {
        String path = normalized(entry.name());
        switch (entry.type()) {
            case FILE -> file(path, entry.size(), content);
            case SYMLINK -> {
                int slash = path.lastIndexOf('/');
                links.put(path, normalized(path.substring(0, slash + 1) + entry.linkName()));
            }
            case HARD_LINK -> links.put(path, normalized(entry.linkName()));
            case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
                // Nothing of an image.
            }
        }
    }

    private void file(String path, long size, InputStream content) throws IOException {
        byte[] head = content.readNBytes(PEEK);
        InputStream in = new SequenceInputStream(new ByteArrayInputStream(head), content);
        if (isGzip(head) || isZstd(head)) {
            layers.put(path, compressed(path, size, in, isZstd(head)));
        } else if (isTar(head) || path.endsWith("/layer.tar")) {
            plain(path, size, in);
        } else if (size <= MAX_DOCUMENT) {
            documentBytes += size;
            if (documentBytes > MAX_DOCUMENTS) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "load images: the archive's documents are larger than " + MAX_DOCUMENTS + " bytes together");
            }
            documents.put(path, in.readAllBytes());
        } else {
            other(path, size, in);
        }
    }

    /** A large blob of what isn't an image, as a bill of materials. */
    private void other(String path, long size, InputStream in) throws IOException {
        Optional<Digest> name = named(path);
        if (name.isEmpty()) {
            return;
        }
        Optional<BlobStat> known = name.flatMap(store.content()::stat).filter(blob -> blob.size() == size);
        if (known.isPresent()) {
            others.put(path, known.get());
            return;
        }
        try (Ingest ingest = store.content().ingest()) {
            in.transferTo(ingest.stream());
            others.put(path, ingest.commit());
        }
    }

    /** A layer whose name says that it is here already is not read again: what is here was verified. */
    private void plain(String path, long size, InputStream in) {
        Optional<BlobStat> known = named(path)
                .filter(diffId -> store.snapshotter().layer(diffId).isPresent())
                .flatMap(store.content()::stat)
                .filter(blob -> blob.size() == size);
        if (known.isEmpty()) {
            settle(MAX_STORING - 1);
            // A layout's manifests name its files by their digests.
            storing.add(new Storing(path, store.layers().begin(in, path.startsWith("blobs/"))));
            return;
        }
        BlobStat blob = known.get();
        Descriptor descriptor = Descriptor.of(MediaTypes.OCI_LAYER, blob.digest(), blob.size());
        layers.put(path, new Layer.Installed(new StoredLayer(blob.digest(), descriptor, blob.size(), false)));
    }

    private Layer compressed(String path, long size, InputStream in, boolean zstd) throws IOException {
        // A name may also be the diffID of what the file holds compressed.
        Optional<BlobStat> known = named(path)
                .filter(digest -> store.snapshotter().layer(digest).isEmpty())
                .flatMap(store.content()::stat)
                .filter(blob -> blob.size() == size);
        if (known.isPresent()) {
            return new Layer.Compressed(known.get(), zstd);
        }
        try (Ingest ingest = store.content().ingest()) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                ingest.write(buffer, 0, n);
            }
            return new Layer.Compressed(ingest.commit(), zstd);
        }
    }

    /** The digest by which a file is named, as {@code blobs/sha256/…} or {@code ….tar.gz}; leased from now on. */
    private Optional<Digest> named(String path) {
        Matcher name = DIGEST_NAME.matcher(path);
        if (!name.matches()) {
            return Optional.empty();
        }
        Digest digest = Digest.parse("sha256:" + name.group(1));
        lease.protect(digest);
        return Optional.of(digest);
    }

    /** A ustar header, or the zero blocks that an empty archive consists of. */
    private static boolean isTar(byte[] head) {
        if (head.length < PEEK) {
            return false;
        }
        for (byte b : head) {
            if (b != 0) {
                return new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar");
            }
        }
        return true;
    }

    private static boolean isGzip(byte[] head) {
        return head.length > 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
    }

    private static boolean isZstd(byte[] head) {
        return head.length > 4
                && (head[0] & 0xff) == 0x28
                && (head[1] & 0xff) == 0xb5
                && (head[2] & 0xff) == 0x2f
                && (head[3] & 0xff) == 0xfd;
    }

    private String followed(String path) {
        String current = normalized(path);
        for (int hops = 0; hops < 16 && links.containsKey(current); hops++) {
            current = links.getOrDefault(current, current);
        }
        return current;
    }

    /** The path as a key: these paths never reach a file system. */
    private static String normalized(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }
}
