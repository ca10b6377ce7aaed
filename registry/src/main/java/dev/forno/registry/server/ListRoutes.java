package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.documents.CatalogPage;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.TagPage;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Tags;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Lists tags (end-8) and, as Docker's registry does, repositories: those that the caller may read. */
final class ListRoutes {
    private static final int CATALOG_PAGE = 1000;

    private final Repositories repositories;
    private final Copies copies;

    ListRoutes(Repositories repositories, Copies copies) {
        this.repositories = repositories;
        this.copies = copies;
    }

    void addTo(Router router, Guard guard) {
        router.get("/v2/_catalog", guard.general(this::catalog));
        router.get("/v2/{name...}/tags/list", guard.with(Right.PULL, this::tags));
    }

    private void tags(String repository, Caller caller, Request request, Response response)
            throws IOException, InterruptedException {
        int limit = limit(request, Integer.MAX_VALUE);
        String last = request.query().text("last");
        Optional<List<String>> elsewhere = copies.tags(repository, response);
        if (elsewhere.isEmpty() && !repositories.tags().knows(repository)) {
            throw new RegistryError(ErrorCode.NAME_UNKNOWN, "there is no repository " + repository);
        }
        Tags.Page page = elsewhere
                .map(tags -> Tags.Page.of(tags, last, limit, tag -> true))
                .orElseGet(() -> repositories.tags().list(repository, last, limit));
        link("/v2/" + repository + "/tags/list", page, limit, response);
        send(RecordJson.write(TagPage.class, new TagPage(repository, page.names())), response);
    }

    private void catalog(Caller caller, Request request, Response response) throws IOException {
        caller.requireKnown();
        int limit = Math.min(limit(request, CATALOG_PAGE), CATALOG_PAGE);
        Tags.Page page = repositories
                .tags()
                .repositories(request.query().text("last"), limit, name -> caller.may(Right.PULL, name));
        link("/v2/_catalog", page, limit, response);
        send(RecordJson.write(CatalogPage.class, new CatalogPage(page.names())), response);
    }

    private static int limit(Request request, int otherwise) {
        String text = request.query().text("n");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw new RegistryError(ErrorCode.UNSUPPORTED, 400, "n=" + text + " is no count");
        }
        return Integer.parseInt(text);
    }

    private static void link(String path, Tags.Page page, int limit, Response response) {
        if (page.more() && limit > 0) {
            String last = URLEncoder.encode(page.names().getLast(), StandardCharsets.UTF_8);
            response.header("Link", "<" + path + "?n=" + limit + "&last=" + last + ">; rel=\"next\"");
        }
    }

    private static void send(byte[] json, Response response) throws IOException {
        response.header("Content-Type", "application/json").send(json);
    }
}
