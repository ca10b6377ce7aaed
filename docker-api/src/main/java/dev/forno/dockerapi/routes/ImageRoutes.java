package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.ImageDocuments;
import dev.forno.dockerapi.models.ImageDocuments.Deletion;
import dev.forno.dockerapi.models.ImageDocuments.Details;
import dev.forno.dockerapi.models.ImageDocuments.History;
import dev.forno.dockerapi.models.ImageDocuments.Pruned;
import dev.forno.dockerapi.models.ImageDocuments.Summary;
import dev.forno.dockerapi.models.PruneDocuments;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.Trial;
import dev.forno.engine.images.ImageFilter;
import dev.forno.engine.images.ImageRemoval;
import dev.forno.engine.images.Images;
import dev.forno.engine.images.PruneReport;
import dev.forno.engine.images.Removed;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

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
        PruneReport report = request.isDry() ? tryRemove(request) : removeNow(request);
        List<Deletion> documents =
                report.removed().stream().map(ImageDocuments::deletion).toList();
        Answers.jsonList(
                response.header("Forno-Space-Reclaimed", Long.toString(report.reclaimed())), Deletion.class, documents);
    }

    private PruneReport removeNow(ApiRequest request) {
        String name = request.path("name");
        boolean force = request.flag("force");
        boolean prune = !request.flag("noprune");
        return ofPlatforms(
                request,
                () -> removal.remove(name, force, prune),
                platform -> removal.removePlatform(name, platform, force));
    }

    /** With {@code after}, as if those images had been removed before: what a removal of several does. */
    private PruneReport tryRemove(ApiRequest request) {
        Trial trial = new Trial();
        for (String before : request.texts("after")) {
            try {
                tryRemove(request, before, trial);
            } catch (FornoException e) {
                // Its own dry run says so; the removal of the others goes on.
            }
        }
        return tryRemove(request, request.path("name"), trial);
    }

    private PruneReport tryRemove(ApiRequest request, String name, Trial trial) {
        boolean force = request.flag("force");
        boolean prune = !request.flag("noprune");
        return ofPlatforms(
                request,
                () -> removal.tryRemove(name, force, prune, trial),
                platform -> removal.tryRemovePlatform(name, platform, force, trial));
    }

    /** Removes all of an image, or the images for the platforms that are asked for. */
    private static PruneReport ofPlatforms(
            ApiRequest request, Supplier<PruneReport> all, Function<Platform, PruneReport> one) {
        List<String> platforms = request.texts("platforms");
        if (platforms.isEmpty()) {
            return all.get();
        }
        List<Removed> removed = new ArrayList<>();
        long reclaimed = 0;
        for (String platform : platforms) {
            PruneReport report = one.apply(ImageTransferRoutes.platform(platform));
            removed.addAll(report.removed());
            reclaimed += report.reclaimed();
        }
        return new PruneReport(removed, reclaimed);
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        ImageFilter filter = ImageFilter.forPrune(request.filters(), clock.instant());
        PruneReport report = request.isDry() ? removal.tryPrune(filter, new Trial()) : removal.prune(filter);
        Answers.json(response, Pruned.class, PruneDocuments.of(report));
    }
}
