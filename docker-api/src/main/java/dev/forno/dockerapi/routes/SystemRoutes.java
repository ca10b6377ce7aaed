package dev.forno.dockerapi.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.dockerapi.models.ContainerSummary;
import dev.forno.dockerapi.models.DiskDocuments;
import dev.forno.dockerapi.models.DiskDocuments.DiskUsage;
import dev.forno.dockerapi.models.EngineDocument;
import dev.forno.dockerapi.models.ImageDocuments;
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
import dev.forno.engine.builds.Builds;
import dev.forno.engine.events.Event;
import dev.forno.engine.events.Events;
import dev.forno.engine.events.Events.EventQuery;
import dev.forno.engine.events.Events.Subscription;
import dev.forno.engine.images.ImageRemoval;
import dev.forno.engine.images.ImageTransfers;
import dev.forno.engine.images.ImagesUsage;
import dev.forno.engine.system.SystemService;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The engine itself: ping, version, info, events, disk usage, logins. */
public final class SystemRoutes {
    private static final Set<String> DISK_KINDS = Set.of("container", "image", "volume", "build-cache");

    private final SystemService system;
    private final Events events;
    private final ImageRemoval images;
    private final ImageTransfers transfers;
    private final Builds builds;
    private final InstantSource clock;

    /** Creates the group over the services that it uses. */
    public SystemRoutes(
            SystemService system,
            Events events,
            ImageRemoval images,
            ImageTransfers transfers,
            Builds builds,
            InstantSource clock) {
        this.system = system;
        this.events = events;
        this.images = images;
        this.transfers = transfers;
        this.builds = builds;
        this.clock = clock;
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
        routes.get("/system/df", this::diskUsage);
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

    private void diskUsage(ApiRequest request, Response response) throws IOException {
        List<String> asked = request.texts("type");
        for (String kind : asked) {
            if (!DISK_KINDS.contains(kind)) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "unknown object type: " + kind);
            }
        }
        boolean withVirtual = !request.version().atLeast(44);
        boolean wantsImages = asked.isEmpty() || asked.contains("image");
        boolean wantsContainers = asked.isEmpty() || asked.contains("container");
        boolean wantsVolumes = asked.isEmpty() || asked.contains("volume");
        boolean wantsCache = asked.isEmpty() || asked.contains("build-cache");
        ImagesUsage imageUsage = wantsImages ? images.usage() : new ImagesUsage(0, List.of());
        SystemService.DiskUsage rest = wantsContainers || wantsVolumes
                ? system.diskUsage()
                : new SystemService.DiskUsage(List.of(), List.of());
        DiskUsage document = new DiskUsage(
                imageUsage.layersSize(),
                wantsImages
                        ? imageUsage.images().stream()
                                .map(each -> ImageDocuments.summary(each, true, withVirtual))
                                .toList()
                        : null,
                wantsContainers
                        ? rest.containers().stream()
                                .map(each -> ContainerSummary.of(each.container(), clock.instant())
                                        .withSizes(each.writable(), each.total()))
                                .toList()
                        : null,
                wantsVolumes
                        ? rest.volumes().stream().map(DiskDocuments::volume).toList()
                        : null,
                wantsCache ? builds.cache().stream().map(DiskDocuments::cache).toList() : null,
                request.version().atLeast(42) ? null : 0L);
        Answers.json(response, DiskUsage.class, document);
    }

    private void login(ApiRequest request, Response response) throws IOException {
        Credentials credentials = request.json(Credentials.class);
        String server = Optional.ofNullable(credentials.serveraddress()).orElse("");
        String token = transfers.login(
                server.isEmpty() ? "https://index.docker.io/v1/" : server, Credential.toEngine(credentials));
        Answers.json(response, Login.class, new Login("Login Succeeded", token));
    }
}
