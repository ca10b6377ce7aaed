package dev.forno.http.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a handler by method and path. Templates are tried in the order in which they were added; see
 * <code>{name}</code> (one segment) and <code>{name...}</code> (one or more). Add all routes before serving; matching is
 * then thread-safe.
 */
public final class Router implements Handler {
    private record Route(PathTemplate template, Handler handler) {}

    private final Map<String, List<Route>> routes = new HashMap<>();
    private final Handler notFound;

    /** Creates a router without routes; {@code notFound} answers what none of them matches. */
    public Router(Handler notFound) {
        this.notFound = notFound;
    }

    /** Adds a route. */
    public Router add(String method, String template, Handler handler) {
        routes.computeIfAbsent(method, key -> new ArrayList<>()).add(new Route(new PathTemplate(template), handler));
        return this;
    }

    /** Adds a GET route. */
    public Router get(String template, Handler handler) {
        return add("GET", template, handler);
    }

    /** Adds a POST route. */
    public Router post(String template, Handler handler) {
        return add("POST", template, handler);
    }

    /** Adds a PUT route. */
    public Router put(String template, Handler handler) {
        return add("PUT", template, handler);
    }

    /** Adds a HEAD route. */
    public Router head(String template, Handler handler) {
        return add("HEAD", template, handler);
    }

    /** Adds a DELETE route. */
    public Router delete(String template, Handler handler) {
        return add("DELETE", template, handler);
    }

    @Override
    public void handle(Request request, Response response) throws IOException, InterruptedException {
        List<String> path = PathTemplate.split(request.path());
        for (Route route : routes.getOrDefault(request.method(), List.of())) {
            Optional<Map<String, String>> parts = route.template().match(path);
            if (parts.isPresent()) {
                route.handler().handle(request.under(request.path(), parts.get()), response);
                return;
            }
        }
        notFound.handle(request, response);
    }
}
