package dev.forno.dockerapi.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.dockerapi.models.EngineDocument;
import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.SystemDocuments;
import dev.forno.dockerapi.models.SystemDocuments.Credentials;
import dev.forno.dockerapi.models.SystemDocuments.EventDocument;
import dev.forno.dockerapi.models.SystemDocuments.Login;
import dev.forno.dockerapi.models.SystemDocuments.Version;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.ApiVersion;
import dev.forno.dockerapi.requests.Credential;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.events.Event;
import dev.forno.engine.events.Events;
import dev.forno.engine.events.Events.EventQuery;
import dev.forno.engine.events.Events.Subscription;
import dev.forno.engine.images.ImageTransfers;
import dev.forno.engine.system.SystemService;
import dev.forno.http.server.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The engine itself: ping, version, info, events, logins. */
public final class SystemRoutes {
    private final SystemService system;
    private final Events events;
    private final ImageTransfers transfers;

    /** Creates the group over the services that it uses. */
    public SystemRoutes(SystemService system, Events events, ImageTransfers transfers) {
        this.system = system;
        this.events = events;
        this.transfers = transfers;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.get("/_ping", this::ping);
        routes.head("/_ping", this::ping);
        routes.get("/version", this::version);
        routes.get(
                "/info",
                (request, response) ->
                        Answers.json(response, EngineDocument.class, EngineDocument.of(system.describe())));
        routes.get("/events", this::events);
        routes.post("/auth", this::login);
    }

    private void ping(ApiRequest request, Response response) throws IOException {
        response.header("Builder-Version", "1")
                .header("Swarm", "inactive")
                .header("Cache-Control", "no-cache, no-store, must-revalidate")
                .header("Pragma", "no-cache")
                .header("Content-Type", "text/plain; charset=utf-8")
                .send("OK".getBytes(UTF_8));
    }

    private void version(ApiRequest request, Response response) throws IOException {
        Version version =
                SystemDocuments.version(system.versions(), ApiVersion.MAX.toString(), ApiVersion.MIN.toString());
        Answers.json(response, Version.class, version);
    }

    private void events(ApiRequest request, Response response) throws IOException, InterruptedException {
        EventQuery query =
                new EventQuery(request.instant("since", false), request.instant("until", false), request.filters());
        try (Subscription subscription = events.subscribe(query)) {
            response.interruptWhenClientGone();
            OutputStream out = response.header("Content-Type", "application/json").stream();
            for (Optional<Event> event = subscription.next(); event.isPresent(); event = subscription.next()) {
                byte[] json = Json.write(EventDocument.class, SystemDocuments.event(event.get()));
                out.write((new String(json, UTF_8) + "\n").getBytes(UTF_8));
            }
        }
    }

    private void login(ApiRequest request, Response response) throws IOException {
        Credentials credentials = request.json(Credentials.class);
        String server = Optional.ofNullable(credentials.serveraddress()).orElse("");
        String token = transfers.login(
                server.isEmpty() ? "https://index.docker.io/v1/" : server, Credential.toEngine(credentials));
        Answers.json(response, Login.class, new Login("Login Succeeded", token));
    }
}
