package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.DiskDocuments;
import dev.forno.dockerapi.models.DiskDocuments.VolumeCreation;
import dev.forno.dockerapi.models.DiskDocuments.VolumeDocument;
import dev.forno.dockerapi.models.DiskDocuments.VolumeList;
import dev.forno.dockerapi.models.DiskDocuments.VolumesPruned;
import dev.forno.dockerapi.models.PruneDocuments;
import dev.forno.dockerapi.models.Texts;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.Filters;
import dev.forno.engine.Trial;
import dev.forno.engine.volumes.Volumes;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Volumes. */
public final class VolumeRoutes {
    private final Volumes volumes;

    /** Creates the group over the service that it uses. */
    public VolumeRoutes(Volumes volumes) {
        this.volumes = volumes;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.get("/volumes", this::list);
        routes.post("/volumes/create", this::create);
        routes.post("/volumes/prune", this::prune);
        routes.get(
                "/volumes/{name}",
                (request, response) -> Answers.json(
                        response, VolumeDocument.class, DiskDocuments.volume(volumes.get(request.path("name")))));
        routes.delete("/volumes/{name}", (request, response) -> {
            volumes.remove(request.path("name"), request.flag("force"));
            Answers.nothing(response);
        });
    }

    private void list(ApiRequest request, Response response) throws IOException {
        List<VolumeDocument> documents = volumes.list(request.filters()).stream()
                .map(DiskDocuments::volume)
                .toList();
        Answers.json(response, VolumeList.class, new VolumeList(documents, Texts.NULL));
    }

    private void create(ApiRequest request, Response response) throws IOException {
        VolumeCreation wanted = request.json(VolumeCreation.class, VolumeCreation.EMPTY);
        if (wanted.clusterVolumeSpec() != null) {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "cluster volumes are not supported");
        }
        Answers.json(response, 201, VolumeDocument.class, DiskDocuments.volume(volumes.create(wanted.toEngine())));
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        Filters filters = request.filters();
        if (!request.version().atLeast(42) && !filters.has("all")) {
            // Before 1.42 named volumes went too.
            Map<String, List<String>> values = new LinkedHashMap<>(filters.values());
            values.put("all", List.of("true"));
            filters = new Filters(values);
        }
        Volumes.Pruned pruned = request.isDry() ? volumes.tryPrune(filters, new Trial()) : volumes.prune(filters);
        Answers.json(response, VolumesPruned.class, PruneDocuments.of(pruned));
    }
}
