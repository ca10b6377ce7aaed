package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiHandler;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;

/** What clients ask for and the engine does not have: clustering, plugins, BuildKit's connections, search. */
public final class UnsupportedRoutes {
    private static final String[] CLUSTER = {"/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs"};

    private UnsupportedRoutes() {}

    /** Adds the routes. */
    public static void addTo(RouteTable routes) {
        ApiHandler noManager = (request, response) -> {
            throw new FornoException(
                    ErrorKind.UNAVAILABLE,
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect"
                            + " this node to swarm and try again.");
        };
        for (String root : CLUSTER) {
            routes.get(root, noManager);
            routes.get(root + "/{rest...}", noManager);
            routes.delete(root + "/{rest...}", noManager);
            routes.post(root + "/create", noManager);
            routes.post(root + "/{id}/update", noManager);
        }
        routes.post("/swarm/init", refuse("swarm mode is not supported: this engine serves one machine"));
        routes.post("/swarm/join", refuse("swarm mode is not supported: this engine serves one machine"));
        routes.post("/swarm/leave", noManager);
        routes.post("/swarm/update", noManager);
        routes.get("/plugins", (request, response) -> Answers.jsonList(response, String.class, java.util.List.of()));
        routes.get("/plugins/{rest...}", refuse("plugins are not supported"));
        routes.post("/plugins/{rest...}", refuse("plugins are not supported"));
        routes.delete("/plugins/{rest...}", refuse("plugins are not supported"));
        String buildKit = "BuildKit sessions are not supported yet: build with DOCKER_BUILDKIT=0";
        routes.post("/session", refuse(buildKit));
        routes.post("/grpc", refuse(buildKit));
        routes.get("/images/search", refuse("searching registries is not supported yet"));
        routes.get("/distribution/{name...}/json", refuse("looking at images in registries is not supported yet"));
    }

    private static ApiHandler refuse(String message) {
        return (request, response) -> {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, message);
        };
    }
}
