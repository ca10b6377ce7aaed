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
import dev.forno.dockerapi.requests.Times;
import dev.forno.engine.Filters;
import dev.forno.engine.images.ImageFilter;
import dev.forno.engine.images.ImageRemoval;
import dev.forno.engine.images.Images;
import dev.forno.engine.images.PruneReport;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Images as records: list, inspect, history, tag, removal. */
public final class ImageRoutes {
    private static final Set<String> LIST_KEYS =
            Set.of("dangling", "label", "label!", "before", "since", "reference", "until");
    private static final Set<String> PRUNE_KEYS = Set.of("dangling", "label", "label!", "until");

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
        Filters filters = request.filters();
        filters.requireKnown(LIST_KEYS);
        boolean withShared = request.flag("shared-size");
        boolean withVirtual = !request.version().atLeast(44);
        List<Summary> documents =
                images.list(filter(filters, filters.has("dangling") ? filters.flag("dangling", false) : null)).stream()
                        .map(each -> ImageDocuments.summary(each, withShared, withVirtual))
                        .toList();
        Answers.jsonList(response, Summary.class, documents);
    }

    private void inspect(ApiRequest request, Response response) throws IOException {
        boolean withVirtual = !request.version().atLeast(44);
        Answers.json(
                response, Details.class, ImageDocuments.details(images.inspect(request.path("name")), withVirtual));
    }

    private void history(ApiRequest request, Response response) throws IOException {
        List<History> documents = images.history(request.path("name")).stream()
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
        List<Deletion> documents =
                removal.remove(request.path("name"), request.flag("force"), !request.flag("noprune")).stream()
                        .map(ImageDocuments::deletion)
                        .toList();
        Answers.jsonList(response, Deletion.class, documents);
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        Filters filters = request.filters();
        filters.requireKnown(PRUNE_KEYS);
        PruneReport report = removal.prune(filter(filters, filters.flag("dangling", true)));
        List<Deletion> deleted =
                report.removed().stream().map(ImageDocuments::deletion).toList();
        Answers.json(response, Pruned.class, new Pruned(deleted.isEmpty() ? null : deleted, report.reclaimed()));
    }

    private ImageFilter filter(Filters filters, @Nullable Boolean dangling) {
        List<String> until = filters.get("until");
        if (until.size() > 1) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "more than one until filter specified");
        }
        return new ImageFilter(
                filters.get("reference"),
                dangling,
                filters.get("label"),
                filters.get("label!"),
                filters.get("before"),
                filters.get("since"),
                until.isEmpty() ? null : moment(until.getFirst()));
    }

    /** A moment, or how long ago it was: {@code 24h}, {@code 1h30m}. */
    private Instant moment(String text) {
        try {
            if (text.matches("(\\d+h)?(\\d+m)?(\\d+s)?") && !text.isEmpty()) {
                return clock.instant().minus(Duration.parse("PT" + text));
            }
        } catch (DateTimeException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid filter 'until=" + text + "'", e);
        }
        return Times.parse(text);
    }
}
