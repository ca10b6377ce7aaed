package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.DiskDocuments.NetworksPruned;
import dev.forno.dockerapi.models.NetworkDocument;
import dev.forno.dockerapi.models.NetworkDocument.Connection;
import dev.forno.dockerapi.models.NetworkDocument.Created;
import dev.forno.dockerapi.models.NetworkDocument.Creation;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.Trial;
import dev.forno.engine.networks.Networks;
import dev.forno.http.server.Response;
import java.io.IOException;
import java.util.List;

/** Networks. */
public final class NetworkRoutes {
    private final Networks networks;

    /** Creates the group over the service that it uses. */
    public NetworkRoutes(Networks networks) {
        this.networks = networks;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.get("/networks", this::list);
        routes.post("/networks/create", this::create);
        routes.post("/networks/prune", this::prune);
        routes.get(
                "/networks/{id}",
                (request, response) -> Answers.json(
                        response, NetworkDocument.class, NetworkDocument.of(networks.get(request.path("id")))));
        routes.delete("/networks/{id}", (request, response) -> {
            networks.remove(request.path("id"));
            Answers.nothing(response);
        });
        routes.post("/networks/{id}/connect", (request, response) -> {
            Connection wanted = request.json(Connection.class);
            networks.connect(request.path("id"), wanted.containerOrEmpty());
            response.send(new byte[0]);
        });
        routes.post("/networks/{id}/disconnect", (request, response) -> {
            Connection wanted = request.json(Connection.class);
            networks.disconnect(request.path("id"), wanted.containerOrEmpty(), wanted.forced());
            response.send(new byte[0]);
        });
    }

    private void list(ApiRequest request, Response response) throws IOException {
        List<NetworkDocument> documents = networks.list(request.filters()).stream()
                .map(NetworkDocument::of)
                .toList();
        Answers.jsonList(response, NetworkDocument.class, documents);
    }

    private void create(ApiRequest request, Response response) throws IOException {
        Creation wanted = request.json(Creation.class);
        String id =
                networks.create(wanted.nameOrEmpty(), wanted.driverOrDefault()).id();
        Answers.json(response, 201, Created.class, new Created(id, ""));
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        List<String> pruned =
                request.isDry() ? networks.tryPrune(request.filters(), new Trial()) : networks.prune(request.filters());
        Answers.json(response, NetworksPruned.class, new NetworksPruned(pruned));
    }
}
