package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.ContainerDocument;
import dev.forno.dockerapi.models.ContainerSummary;
import dev.forno.dockerapi.models.CreationDocument;
import dev.forno.dockerapi.models.CreationDocument.Created;
import dev.forno.dockerapi.models.DiskDocuments.ContainersPruned;
import dev.forno.dockerapi.models.HostConfigDocument;
import dev.forno.dockerapi.models.PruneDocuments;
import dev.forno.dockerapi.models.TaskDocuments.Warnings;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.Trial;
import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerFiles;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.containers.Containers.ContainerQuery;
import dev.forno.engine.containers.Containers.Pruned;
import dev.forno.engine.containers.Containers.RemoveOptions;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Containers as records: creation, lists, inspection, changes, removal. */
public final class ContainerRoutes {
    private final Containers containers;
    private final ContainerFiles files;
    private final InstantSource clock;

    /** Creates the group over the services that it uses. */
    public ContainerRoutes(Containers containers, ContainerFiles files, InstantSource clock) {
        this.containers = containers;
        this.files = files;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.get("/containers/json", this::list);
        routes.post("/containers/create", this::create);
        routes.post("/containers/prune", this::prune);
        routes.get("/containers/{id}/json", this::inspect);
        routes.post("/containers/{id}/rename", this::rename);
        routes.post("/containers/{id}/update", this::update);
        routes.delete("/containers/{id}", this::remove);
    }

    private void list(ApiRequest request, Response response) throws IOException {
        long limit = request.number("limit", 0);
        ContainerQuery query =
                new ContainerQuery(request.flag("all"), Math.clamp(limit, 0, Integer.MAX_VALUE), request.filters());
        Instant now = clock.instant();
        boolean sized = request.flag("size");
        List<ContainerSummary> documents = containers.list(query).stream()
                .map(container -> summary(container, now, sized))
                .toList();
        Answers.jsonList(response, ContainerSummary.class, documents);
    }

    private ContainerSummary summary(Container container, Instant now, boolean sized) {
        ContainerSummary summary = ContainerSummary.of(container, now);
        if (!sized) {
            return summary;
        }
        ContainerFiles.Sizes sizes = files.sizes(container.id());
        return summary.withSizes(sizes.writable(), sizes.total());
    }

    private void create(ApiRequest request, Response response) throws IOException {
        Containers.Created created = containers.create(CreationDocument.read(
                request.jsonBytes(), request.textOrNull("name"), ImageTransferRoutes.platform(request)));
        Answers.json(response, 201, Created.class, new Created(created.id(), created.warnings()));
    }

    private void inspect(ApiRequest request, Response response) throws IOException {
        Container container = containers.get(request.path("id"));
        ContainerDocument document = ContainerDocument.of(container);
        if (request.flag("size")) {
            ContainerFiles.Sizes sizes = files.sizes(container.id());
            document = document.withSizes(sizes.writable(), sizes.total());
        }
        Answers.json(response, ContainerDocument.class, document);
    }

    private void rename(ApiRequest request, Response response) throws IOException {
        containers.rename(request.path("id"), request.text("name"));
        Answers.nothing(response);
    }

    private void update(ApiRequest request, Response response) throws IOException {
        HostConfigDocument update = request.json(HostConfigDocument.class);
        List<String> warnings = containers.update(
                request.path("id"), CreationDocument.resources(update), CreationDocument.restart(update));
        Answers.json(response, Warnings.class, new Warnings(warnings));
    }

    private void remove(ApiRequest request, Response response) throws IOException {
        if (request.flag("link")) {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "removing links of containers is not supported");
        }
        containers.remove(request.path("id"), new RemoveOptions(request.flag("force"), request.flag("v")));
        Answers.nothing(response);
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        Pruned pruned = request.isDry()
                ? containers.tryPrune(request.filters(), new Trial())
                : containers.prune(request.filters());
        Answers.json(response, ContainersPruned.class, PruneDocuments.of(pruned));
    }
}
