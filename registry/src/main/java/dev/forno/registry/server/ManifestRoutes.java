package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.documents.TagRecord;
import dev.forno.registry.repositories.Checks;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.StoredManifest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads, writes and deletes manifests and tags: end-3, end-7 and end-9. */
final class ManifestRoutes {
    private static final int MOST_TAGS = 100;
    private static final String PATH = "/v2/{name...}/manifests/{reference}";

    private final Repositories repositories;
    private final Copies copies;
    private final Checks checks;

    ManifestRoutes(Repositories repositories, Copies copies, Checks checks) {
        this.repositories = repositories;
        this.copies = copies;
        this.checks = checks;
    }

    void addTo(Router router, Guard guard) {
        router.get(PATH, guard.with(Right.PULL, this::get));
        router.head(PATH, guard.with(Right.PULL, this::get));
        router.put(PATH, guard.with(Right.PUSH, this::put));
        router.delete(PATH, guard.with(Right.DELETE, this::delete));
    }

    private void get(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        String reference = request.pathParameter("reference");
        copies.refresh(repository, reference, response);
        StoredManifest manifest = find(repository, reference).orElseThrow(() -> unknown(reference));
        String tag = "\"" + manifest.digest() + "\"";
        response.header("Docker-Content-Digest", manifest.digest().toString()).header("ETag", tag);
        if (request.header("If-None-Match").filter(tag::equals).isPresent()) {
            response.status(304);
            return;
        }
        response.header("Content-Type", manifest.record().mediaType());
        if (request.method().equals("HEAD")) {
            response.header("Content-Length", Long.toString(manifest.record().size()));
        } else {
            response.send(repositories.manifests().bytes(manifest.digest()));
        }
    }

    private Optional<StoredManifest> find(String repository, String reference) {
        if (Names.isDigest(reference)) {
            return repositories.manifests().find(repository, Names.digest(reference));
        }
        return repositories.tags().find(repository, Names.tag(reference)).flatMap(target -> repositories
                .manifests()
                .find(repository, Digest.parse(target.digest())));
    }

    private static RegistryError unknown(String reference) {
        return new RegistryError(ErrorCode.MANIFEST_UNKNOWN, "manifest " + reference + " is not in the repository");
    }

    private void put(String repository, Caller caller, Request request, Response response) throws IOException {
        String reference = request.pathParameter("reference");
        List<String> tags = tags(reference, request);
        byte[] bytes = request.bytes(Documents.MAX_MANIFEST_BYTES);
        Digest digest = digest(reference, bytes);
        Map<String, TagRecord> targets = new LinkedHashMap<>();
        tags.forEach(tag -> targets.put(tag, new TagRecord(digest.toString(), 0)));
        StoredManifest stored;
        try {
            stored = repositories.manifests().put(repository, bytes, mediaType(request), digest, targets, checks);
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.INVALID_ARGUMENT
                    ? new RegistryError(ErrorCode.MANIFEST_INVALID, e.getMessage())
                    : e;
        }
        response.status(201)
                .header("Location", "/v2/" + repository + "/manifests/" + reference)
                .header("Docker-Content-Digest", digest.toString());
        String subject = stored.record().subject();
        if (subject != null) {
            response.header("OCI-Subject", subject);
        }
        if (Names.isDigest(reference)) {
            tags.forEach(tag -> response.addHeader("OCI-Tag", tag));
        }
    }

    private static List<String> tags(String reference, Request request) {
        if (!Names.isDigest(reference)) {
            return List.of(Names.tag(reference));
        }
        List<String> tags = request.query().all("tag");
        if (tags.size() > MOST_TAGS) {
            throw new RegistryError(ErrorCode.UNSUPPORTED, 414, "more than " + MOST_TAGS + " tags in one request");
        }
        return tags.stream().map(Names::tag).distinct().toList();
    }

    private static Digest digest(String reference, byte[] bytes) {
        if (!Names.isDigest(reference)) {
            return Digest.of(bytes);
        }
        Digest expected = Names.digest(reference);
        Digest actual = Digest.of(expected.newAccumulator().digest(bytes), expected.algorithm());
        if (!actual.equals(expected)) {
            throw new RegistryError(
                    ErrorCode.DIGEST_INVALID,
                    "the manifest's digest is " + actual + ", but it was sent as " + expected);
        }
        return actual;
    }

    /** Without parameters, which a registry should ignore. */
    private static String mediaType(Request request) {
        String header = request.header("Content-Type").orElse("");
        int end = header.indexOf(';');
        return (end < 0 ? header : header.substring(0, end)).strip();
    }

    private void delete(String repository, Caller caller, Request request, Response response) {
        String reference = request.pathParameter("reference");
        boolean removed = Names.isDigest(reference)
                ? repositories.manifests().remove(repository, Names.digest(reference))
                : repositories.tags().remove(repository, Names.tag(reference));
        if (!removed) {
            throw unknown(reference);
        }
        response.status(202);
    }
}
