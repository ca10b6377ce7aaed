package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.ImageDocuments;
import dev.forno.dockerapi.models.ImageDocuments.Deletion;
import dev.forno.dockerapi.models.ImageDocuments.Details;
import dev.forno.dockerapi.models.ImageDocuments.History;
import dev.forno.dockerapi.models.ImageDocuments.Pruned;
import dev.forno.dockerapi.models.ImageDocuments.Summary;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.Filters;
import dev.forno.engine.images.ImageFilter;
import dev.forno.engine.images.ImageRemoval;
import dev.forno.engine.images.Images;
import dev.forno.engine.images.PruneReport;
import dev.forno.engine.images.Removed;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Images as records: list, inspect, history, tag, removal. */
public final class ImageRoutes {
    private final Images images;
    private final ImageRemoval removal;
    private final InstantSource clock;

    /** Creates the group over the services that it uses. */
    public ImageRoutes(Images images, ImageRemoval removal, InstantSource clock) {
        this.images = images;
        this.removal = removal;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.get("/images/json", this::list);
        routes.get("/images/{name...}/json", this::inspect);
        routes.get("/images/{name...}/history", this::history);
        routes.post("/images/{name...}/tag", this::tag);
        routes.post("/images/prune", this::prune);
        routes.delete("/images/{name...}", this::remove);
    }

    private void list(ApiRequest request, Response response) throws IOException {
        ImageFilter filter = ImageFilter.of(request.filters(), request.flag("all"), clock.instant());
        boolean withShared = request.flag("shared-size");
        boolean withVirtual = !request.version().atLeast(44);
        List<Summary> documents = images.list(filter).stream()
                .map(each -> ImageDocuments.summary(each, withShared, withVirtual))
                .toList();
        Answers.jsonList(response, Summary.class, documents);
    }

    private void inspect(ApiRequest request, Response response) throws IOException {
        boolean withVirtual = !request.version().atLeast(44);
        Answers.json(
                response,
                Details.class,
                ImageDocuments.details(
                        images.inspect(request.path("name"), ImageTransferRoutes.platform(request)), withVirtual));
    }

    private void history(ApiRequest request, Response response) throws IOException {
        List<History> documents = images.history(request.path("name"), ImageTransferRoutes.platform(request)).stream()
                .map(ImageDocuments::history)
                .toList();
        Answers.jsonList(response, History.class, documents);
    }

    private void tag(ApiRequest request, Response response) throws IOException {
        Reference repository = Reference.parse(request.text("repo"));
        if (repository.digest() != null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "refusing to create a tag with a digest reference");
        }
        String tag = request.text("tag");
        images.tag(request.path("name"), tag.isEmpty() ? repository.withDefaultTag() : repository.withTag(tag));
        response.status(201).send(new byte[0]);
    }

    private void remove(ApiRequest request, Response response) throws IOException {
        String name = request.path("name");
        boolean force = request.flag("force");
        List<String> platforms = request.texts("platforms");
        List<Removed> removed = new ArrayList<>();
        if (platforms.isEmpty()) {
            removed.addAll(removal.remove(name, force, !request.flag("noprune")).removed());
        }
        for (String platform : platforms) {
            removed.addAll(removal.removePlatform(name, ImageTransferRoutes.platform(platform), force)
                    .removed());
        }
        List<Deletion> documents =
                removed.stream().map(ImageDocuments::deletion).toList();
        Answers.jsonList(response, Deletion.class, documents);
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        Map<String, List<String>> values = new LinkedHashMap<>(request.filters().values());
        values.putIfAbsent("dangling", List.of("true"));
        PruneReport report = removal.prune(ImageFilter.of(new Filters(values), false, clock.instant()));
        List<Deletion> deleted =
                report.removed().stream().map(ImageDocuments::deletion).toList();
        Answers.json(response, Pruned.class, new Pruned(deleted.isEmpty() ? null : deleted, report.reclaimed()));
    }
}
