package dev.forno.registry.server;

import dev.forno.http.server.Query;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Upload;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Pushes blobs in every way that the specification knows: end-4, end-5, end-6, end-11, end-13 and end-14. Chunks may have
 * any size, so no {@code OCI-Chunk-Min-Length} is told.
 */
final class UploadRoutes {
    private static final Duration SLOWEST = Duration.ofMinutes(1);
    private static final String START = "/v2/{name...}/blobs/uploads";
    private static final String ONE = "/v2/{name...}/blobs/uploads/{id}";

    private final Repositories repositories;
    private final Mounts mounts;

    UploadRoutes(Repositories repositories, Mounts mounts) {
        this.repositories = repositories;
        this.mounts = mounts;
    }

    void addTo(Router router, Guard guard) {
        router.post(START + "/", guard.with(Right.PUSH, this::start));
        router.post(START, guard.with(Right.PUSH, this::start));
        router.get(ONE, guard.with(Right.PUSH, this::status));
        router.add("PATCH", ONE, guard.with(Right.PUSH, this::append));
        router.put(ONE, guard.with(Right.PUSH, this::finish));
        router.delete(ONE, guard.with(Right.PUSH, this::cancel));
    }

    private void start(String repository, Caller caller, Request request, Response response) throws IOException {
        Query query = request.query();
        checkAlgorithm(query.text("digest-algorithm"));
        Optional<Digest> mount = query.first("mount").map(Names::digest);
        if (mount.isPresent() && mounts.mount(repository, mount.get(), query.text("from"), caller, request)) {
            created(repository, mount.get(), response);
            return;
        }
        Optional<Digest> digest = query.first("digest").map(Names::digest);
        if (digest.isPresent()) {
            storeAtOnce(repository, digest.get(), request, response);
            return;
        }
        Upload upload = repositories.uploads().begin(repository);
        progress(upload, 0, response.status(202));
    }

    private static void checkAlgorithm(String algorithm) {
        if (!algorithm.isEmpty() && !algorithm.equals("sha256") && !algorithm.equals("sha512")) {
            throw new RegistryError(
                    ErrorCode.DIGEST_INVALID,
                    "digest algorithm \"" + algorithm + "\" is not supported; use sha256 or sha512");
        }
    }

    private void storeAtOnce(String repository, Digest digest, Request request, Response response) throws IOException {
        request.limitPauses(SLOWEST);
        try {
            repositories.uploads().store(repository, digest, request.contentLength(), request.body());
        } catch (FornoException e) {
            throw mismatch(e);
        }
        created(repository, digest, response);
    }

    private static void created(String repository, Digest digest, Response response) {
        response.status(201)
                .header("Location", "/v2/" + repository + "/blobs/" + digest)
                .header("Docker-Content-Digest", digest.toString());
    }

    private static void progress(Upload upload, long offset, Response response) {
        // an end that is no position: with nothing there, 0-0 is what clients expect
        response.header("Location", location(upload))
                .header("Docker-Upload-UUID", upload.id())
                .header("Range", "0-" + Math.max(0, offset - 1));
    }

    private static String location(Upload upload) {
        return "/v2/" + upload.repository() + "/blobs/uploads/" + upload.id();
    }

    private Upload find(String repository, Request request) {
        String id = request.pathParameter("id");
        return repositories.uploads().find(repository, id).orElseThrow(UploadRoutes::unknown);
    }

    private static RegistryError unknown() {
        return new RegistryError(
                ErrorCode.BLOB_UPLOAD_UNKNOWN, "there is no such upload; it was finished, cancelled or too old");
    }

    /** Works on the upload when other requests are done with it, which may have ended it. */
    static <T> T alone(Upload upload, Upload.Work<T> work) throws IOException, InterruptedException {
        try {
            return upload.alone(work);
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.NOT_FOUND ? unknown() : e;
        }
    }

    private void status(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        Upload upload = find(repository, request);
        long offset = alone(upload, upload::offset);
        progress(upload, offset, response.status(204));
    }

    private void append(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        Upload upload = find(repository, request);
        long offset = alone(upload, () -> {
            receive(upload, request);
            return upload.offset();
        });
        progress(upload, offset, response.status(202));
    }

    /** Appends the body, which must begin where the upload ends when it says where it begins. */
    private static void receive(Upload upload, Request request) throws IOException {
        request.limitPauses(SLOWEST);
        Optional<String> header = request.header("Content-Range").filter(text -> !text.isBlank());
        if (header.isEmpty()) {
            upload.append(request.body(), -1);
            return;
        }
        ContentRange range = ContentRange.parse(header.get());
        if (range.first() != upload.offset()) {
            RegistryError error = new RegistryError(
                    ErrorCode.BLOB_UPLOAD_INVALID,
                    416,
                    "the chunk begins at " + range.first() + ", but " + upload.offset() + " bytes are here");
            throw error.with("Location", location(upload)).with("Range", "0-" + Math.max(0, upload.offset() - 1));
        }
        long length = request.contentLength();
        if (length >= 0 && length != range.length()) {
            throw new RegistryError(
                    ErrorCode.SIZE_INVALID,
                    "the chunk has " + length + " bytes, but its Content-Range is \"" + header.get() + "\"");
        }
        try {
            long count = upload.append(request.body(), range.length());
            if (count < range.length()) {
                throw new RegistryError(
                        ErrorCode.SIZE_INVALID, "the chunk ended after " + count + " of " + range.length() + " bytes");
            }
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.INVALID_ARGUMENT
                    ? new RegistryError(ErrorCode.SIZE_INVALID, e.getMessage())
                    : e;
        }
    }

    private void finish(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        Upload upload = find(repository, request);
        Digest digest = Names.digest(request.query().text("digest"));
        try {
            alone(upload, () -> {
                receive(upload, request);
                return repositories.uploads().commit(upload, digest);
            });
        } catch (FornoException e) {
            throw mismatch(e);
        }
        created(repository, digest, response);
    }

    private static RuntimeException mismatch(FornoException e) {
        return e.kind() == ErrorKind.DATA_LOSS ? new RegistryError(ErrorCode.DIGEST_INVALID, e.getMessage()) : e;
    }

    private void cancel(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        Upload upload = find(repository, request);
        alone(upload, () -> {
            repositories.uploads().cancel(upload);
            return true;
        });
        response.status(204);
    }
}
