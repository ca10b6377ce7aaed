package dev.forno.dockerapi.requests;

import dev.forno.http.server.Handler;
import dev.forno.http.server.Router;

/** The API's routes: every one checks the version and carries the API's common headers. */
public final class RouteTable {
    /** The path parameter that holds the version of the path, or the newest one. */
    public static final String VERSION = "api-version";

    private final Router router;
    private final String serverHeader;

    /** Creates a table that adds to {@code router}; {@code engineVersion} goes into the {@code Server} header. */
    public RouteTable(Router router, String engineVersion) {
        this.router = router;
        this.serverHeader = "Forno/" + engineVersion + " (linux)";
    }

    /** Adds a route for GET. */
    public void get(String template, ApiHandler handler) {
        add("GET", template, handler);
    }

    /** Adds a route for POST. */
    public void post(String template, ApiHandler handler) {
        add("POST", template, handler);
    }

    /** Adds a route for PUT. */
    public void put(String template, ApiHandler handler) {
        add("PUT", template, handler);
    }

    /** Adds a route for HEAD. */
    public void head(String template, ApiHandler handler) {
        add("HEAD", template, handler);
    }

    /** Adds a route for DELETE. */
    public void delete(String template, ApiHandler handler) {
        add("DELETE", template, handler);
    }

    private void add(String method, String template, ApiHandler handler) {
        Handler wrapped = (request, response) -> {
            response.header("Server", serverHeader)
                    .header("Api-Version", ApiVersion.MAX.toString())
                    .header("Ostype", "linux")
                    .header("Docker-Experimental", "false");
            ApiVersion version = ApiVersion.parse(request.pathParameter(VERSION));
            version.requireServed();
            handler.handle(new ApiRequest(request, version), response);
        };
        router.add(method, template, wrapped);
    }
}
