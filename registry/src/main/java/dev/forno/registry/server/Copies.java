package dev.forno.registry.server;

import dev.forno.http.server.ByteRange;
import dev.forno.http.server.Response;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.documents.ManifestRecord.BlobEntry;
import dev.forno.registry.upstreams.BlobFetches;
import dev.forno.registry.upstreams.PullThrough;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Repositories that are copies of other registries' ones: what reading routes do before they look here. */
final class Copies implements AutoCloseable {
    /** There are none. */
    static final Copies NONE = new Copies(null, null);

    private static final String STALE = "299 - \"the registry that this is a copy of cannot be asked now\"";
    private static final int BUFFER = 1 << 16;

    private final @Nullable PullThrough manifests;
    private final @Nullable BlobFetches blobs;

    private Copies(@Nullable PullThrough manifests, @Nullable BlobFetches blobs) {
        this.manifests = manifests;
        this.blobs = blobs;
    }

    static Copies of(PullThrough manifests, BlobFetches blobs) {
        return new Copies(manifests, blobs);
    }

    /** Breaks off what is being fetched. */
    @Override
    public void close() {
        if (manifests != null) {
            manifests.close();
        }
    }

    Optional<Reference> origin(String repository) {
        return manifests == null ? Optional.empty() : manifests.origin(repository);
    }

    /** The name here of a repository of the registry that a client means, if that is one of ours. */
    Optional<String> local(String host, String repository) {
        return manifests == null ? Optional.empty() : manifests.local(host, repository);
    }

    /** Copies are written by nobody but us. */
    void refuseChange(String repository) {
        origin(repository).ifPresent(origin -> {
            throw new RegistryError(
                    ErrorCode.UNSUPPORTED, repository + " is a copy of " + origin.name() + "; push there");
        });
    }

    /** Brings a manifest here, or up to date. */
    void refresh(String repository, String reference, Response response) throws InterruptedException {
        Optional<Reference> origin = origin(repository);
        if (manifests == null || origin.isEmpty()) {
            return;
        }
        try {
            PullThrough.Freshness freshness = Names.isDigest(reference)
                    ? manifests.refresh(repository, origin.get(), Names.digest(reference))
                    : manifests.refresh(repository, origin.get(), Names.tag(reference));
            if (freshness == PullThrough.Freshness.STALE) {
                response.header("Warning", STALE);
            }
        } catch (FornoException e) {
            throw refusal(e, ErrorCode.MANIFEST_UNKNOWN);
        }
    }

    /** What other registries refuse us, they don't have. */
    private static RuntimeException refusal(FornoException e, ErrorCode unknown) {
        return switch (e.kind()) {
            case NOT_FOUND, UNAUTHENTICATED, PERMISSION_DENIED -> new RegistryError(unknown, e.getMessage());
            default -> e;
        };
    }

    /** The origin's tags; empty when it can't be asked and those that are here have to do. */
    Optional<List<String>> tags(String repository, Response response) throws InterruptedException {
        Optional<Reference> origin = origin(repository);
        if (manifests == null || origin.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<List<String>> tags = manifests.tags(repository, origin.get());
            if (tags.isEmpty()) {
                response.header("Warning", STALE);
            }
            return tags.map(all -> all.stream().sorted().toList());
        } catch (FornoException e) {
            throw refusal(e, ErrorCode.NAME_UNKNOWN);
        }
    }

    /** A blob that a copy ought to have, but that isn't here: its size, when a manifest told it. */
    Optional<BlobEntry> missing(String repository, Digest digest) {
        if (blobs == null || origin(repository).isEmpty()) {
            return Optional.empty();
        }
        return blobs.entry(repository, digest);
    }

    /** Sends a part of a blob while it is fetched; the last bytes only when all were verified. */
    void send(String repository, BlobEntry entry, ByteRange part, Response response)
            throws IOException, InterruptedException {
        BlobFetches source = Objects.requireNonNull(blobs);
        try (InputStream in = source.read(repository, origin(repository).orElseThrow(), entry)) {
            skip(in, part.from(), entry);
            send(in, entry, part, response);
        } catch (FornoException e) {
            throw refusal(e, ErrorCode.BLOB_UNKNOWN);
        }
    }

    /** Begins the answer when there are bytes: until then the fetch can fail with an answer of its own. */
    private static void send(InputStream in, BlobEntry entry, ByteRange part, Response response) throws IOException {
        byte[] held = new byte[BUFFER];
        int holding = in.readNBytes(held, 0, (int) Math.min(BUFFER, part.length()));
        if (holding < Math.min(BUFFER, part.length())) {
            throw unlike(entry, "shorter");
        }
        if (holding == part.length()) {
            requireEnd(in, entry, part);
            response.send(Arrays.copyOf(held, holding));
            return;
        }
        long left = part.length() - holding;
        byte[] next = new byte[BUFFER];
        OutputStream out = response.stream(part.length());
        while (left > 0) {
            int n = in.read(next, 0, (int) Math.min(next.length, left));
            if (n < 0) {
                throw unlike(entry, "shorter");
            }
            out.write(held, 0, holding);
            left -= n;
            byte[] swap = held;
            held = next;
            next = swap;
            holding = n;
        }
        requireEnd(in, entry, part);
        out.write(held, 0, holding);
    }

    private static void requireEnd(InputStream in, BlobEntry entry, ByteRange part) throws IOException {
        if (part.from() + part.length() == entry.size() && in.read() >= 0) {
            throw unlike(entry, "longer");
        }
    }

    private static void skip(InputStream in, long count, BlobEntry entry) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw unlike(entry, "shorter");
        }
    }

    private static FornoException unlike(BlobEntry entry, String how) {
        return new FornoException(
                ErrorKind.UNAVAILABLE, "blob " + entry.digest() + " is " + how + " than its manifest says");
    }
}
