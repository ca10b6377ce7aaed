package dev.forno.registry.server;

import dev.forno.http.server.ByteRange;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.documents.ManifestRecord.BlobEntry;
import dev.forno.registry.repositories.Repositories;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Optional;

/** Reads and deletes blobs: end-2 and end-10. */
final class BlobRoutes {
    private static final Duration SLOWEST = Duration.ofMinutes(2);
    private static final String PATH = "/v2/{name...}/blobs/{digest}";

    private final Repositories repositories;
    private final Copies copies;
    private final ContentStore content;

    BlobRoutes(Repositories repositories, Copies copies, ContentStore content) {
        this.repositories = repositories;
        this.copies = copies;
        this.content = content;
    }

    void addTo(Router router, Guard guard) {
        router.get(PATH, guard.with(Right.PULL, this::get));
        router.head(PATH, guard.with(Right.PULL, this::get));
        router.delete(PATH, guard.with(Right.DELETE, this::delete));
    }

    private void get(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        Digest digest = Names.digest(request.pathParameter("digest"));
        Optional<BlobStat> stored = repositories.links().find(repository, digest);
        Optional<BlobEntry> fetched = stored.isPresent() ? Optional.empty() : copies.missing(repository, digest);
        if (fetched.isPresent()) {
            stored = readable(digest, caller);
        }
        long size = stored.map(BlobStat::size)
                .or(() -> fetched.map(BlobEntry::size))
                .orElseThrow(() -> unknown(digest));
        String tag = "\"" + digest + "\"";
        response.header("Docker-Content-Digest", digest.toString())
                .header("ETag", tag)
                .header("Accept-Ranges", "bytes")
                .header("Cache-Control", "max-age=31536000");
        if (request.header("If-None-Match").filter(tag::equals).isPresent()) {
            response.status(304);
            return;
        }
        response.header("Content-Type", "application/octet-stream");
        if (request.method().equals("HEAD")) {
            response.header("Content-Length", Long.toString(size));
            return;
        }
        request.limitPauses(SLOWEST);
        ByteRange part = range(request, response, tag, size);
        if (stored.isPresent()) {
            send(stored.get(), part, response);
        } else {
            copies.send(repository, fetched.orElseThrow(), part, response);
        }
    }

    /**
     * A blob that the copy lacks, when it is in another repository that the caller may read. The copy doesn't hold it
     * afterwards: a manifest elsewhere may name any digest, and others may read the copy, but not that repository.
     */
    private Optional<BlobStat> readable(Digest digest, Caller caller) {
        return repositories.links().holders(digest).stream()
                .filter(holder -> caller.mayTake(holder))
                .flatMap(holder -> repositories.links().find(holder, digest).stream())
                .findFirst();
    }

    private static ByteRange range(Request request, Response response, String tag, long size) {
        boolean applies = request.header("If-Range").map(tag::equals).orElse(true);
        Optional<ByteRange> asked;
        try {
            asked = applies
                    ? request.header("Range").flatMap(header -> ByteRange.parse(header, size))
                    : Optional.empty();
        } catch (dev.forno.http.server.StatusException e) {
            throw new RegistryError(ErrorCode.SIZE_INVALID, e.status(), String.valueOf(e.getMessage()))
                    .with("Content-Range", "bytes */" + size);
        }
        asked.ifPresent(range -> response.status(206).header("Content-Range", range.contentRange(size)));
        return asked.orElse(new ByteRange(0, size));
    }

    private void send(BlobStat stat, ByteRange part, Response response) throws IOException {
        try (SeekableByteChannel channel = content.open(stat.digest())) {
            if (channel instanceof FileChannel file) {
                response.send(file, part.from(), part.length());
            } else {
                channel.position(part.from());
                copy(Channels.newInputStream(channel), part.length(), response.stream(part.length()));
            }
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.NOT_FOUND ? unknown(stat.digest()) : e;
        }
    }

    private static void copy(InputStream in, long length, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = length;
        for (int n; left > 0; left -= n) {
            n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("the blob ends early");
            }
            out.write(buffer, 0, n);
        }
    }

    private void delete(String repository, Caller caller, Request request, Response response) {
        Digest digest = Names.digest(request.pathParameter("digest"));
        boolean removed;
        try {
            removed = repositories.links().remove(repository, digest);
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.CONFLICT ? new RegistryError(ErrorCode.UNSUPPORTED, e.getMessage()) : e;
        }
        if (!removed) {
            throw unknown(digest);
        }
        response.status(202);
    }

    static RegistryError unknown(Digest digest) {
        return new RegistryError(ErrorCode.BLOB_UNKNOWN, "blob " + digest + " is not in the repository");
    }
}
