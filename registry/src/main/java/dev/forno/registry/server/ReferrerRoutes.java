package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Index;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.repositories.Repositories;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lists what refers to a manifest: end-12. Long lists come in pages that are valid manifests. */
final class ReferrerRoutes {
    private static final int PAGE_BYTES = Documents.MAX_MANIFEST_BYTES - 4096;

    private final Repositories repositories;

    ReferrerRoutes(Repositories repositories) {
        this.repositories = repositories;
    }

    void addTo(Router router, Guard guard) {
        router.get("/v2/{name...}/referrers/{digest}", guard.with(Right.PULL, this::list));
    }

    private void list(String repository, Caller caller, Request request, Response response) throws IOException {
        Digest subject = Names.digest(request.pathParameter("digest"));
        String type = request.query().text("artifactType");
        String last = request.query().text("last");
        List<Descriptor> page = new ArrayList<>();
        int bytes = 0;
        boolean more = false;
        for (Descriptor referrer : repositories.manifests().referrers(repository, subject)) {
            if (referrer.digest().compareTo(last) <= 0 || !(type.isEmpty() || type.equals(referrer.artifactType()))) {
                continue;
            }
            bytes += Documents.write(Descriptor.class, referrer).length + 1;
            if (bytes > PAGE_BYTES && !page.isEmpty()) {
                more = true;
                break;
            }
            page.add(referrer);
        }
        if (!type.isEmpty()) {
            response.header("OCI-Filters-Applied", "artifactType");
        }
        if (more) {
            response.header(
                    "Link", next(repository, subject, type, page.getLast().digest()));
        }
        response.header("Content-Type", MediaTypes.OCI_INDEX).send(Documents.write(Index.class, Index.of(page)));
    }

    private static String next(String repository, Digest subject, String type, String last) {
        String filter = type.isEmpty() ? "" : "&artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8);
        return "</v2/" + repository + "/referrers/" + subject + "?last="
                + URLEncoder.encode(last, StandardCharsets.UTF_8) + filter + ">; rel=\"next\"";
    }
}
