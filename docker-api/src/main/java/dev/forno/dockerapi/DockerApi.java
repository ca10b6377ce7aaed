package dev.forno.dockerapi;

import dev.forno.dockerapi.models.ErrorBody;
import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.requests.ApiVersion;
import dev.forno.dockerapi.requests.ErrorStatus;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.dockerapi.routes.BuildRoutes;
import dev.forno.dockerapi.routes.ContainerRoutes;
import dev.forno.dockerapi.routes.DiskRoutes;
import dev.forno.dockerapi.routes.ExecRoutes;
import dev.forno.dockerapi.routes.FileRoutes;
import dev.forno.dockerapi.routes.ImageRoutes;
import dev.forno.dockerapi.routes.ImageTransferRoutes;
import dev.forno.dockerapi.routes.NetworkRoutes;
import dev.forno.dockerapi.routes.StreamRoutes;
import dev.forno.dockerapi.routes.SystemRoutes;
import dev.forno.dockerapi.routes.TaskRoutes;
import dev.forno.dockerapi.routes.UnsupportedRoutes;
import dev.forno.dockerapi.routes.VolumeRoutes;
import dev.forno.engine.images.ImageServices;
import dev.forno.http.server.Handler;
import dev.forno.http.server.HttpServer;
import dev.forno.http.server.Listener;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Docker Engine API. Routes translate a request, call one service and translate its answer; decisions are the
 * engine's. Thread-safe.
 */
public final class DockerApi implements Handler {
    private static final System.Logger LOG = System.getLogger(DockerApi.class.getName());
    private static final Pattern VERSIONED = Pattern.compile("/v([0-9.]+)(/.*)");

    private final Router router = new Router(DockerApi::notFound);

    /** Creates the API over {@code services}; nothing listens yet. */
    public DockerApi(EngineServices services, String engineVersion) {
        this(services, engineVersion, InstantSource.system());
    }

    /** Creates the API over {@code services}, with the clock that tells how long ago something was. */
    public DockerApi(EngineServices services, String engineVersion, InstantSource clock) {
        RouteTable routes = new RouteTable(router, engineVersion);
        ImageServices images = services.images();
        new SystemRoutes(services.system(), services.events(), images.transfers()).addTo(routes);
        new DiskRoutes(services.system(), services.housekeeping(), images.removal(), services.builds(), clock)
                .addTo(routes);
        UnsupportedRoutes.addTo(routes);
        new ImageRoutes(images.images(), images.removal(), clock).addTo(routes);
        new ImageTransferRoutes(images.transfers(), images.archives()).addTo(routes);
        new BuildRoutes(services.builds(), clock).addTo(routes);
        new ContainerRoutes(services.containers(), services.files(), clock).addTo(routes);
        new TaskRoutes(services.tasks(), services.stats()).addTo(routes);
        new StreamRoutes(services.streams()).addTo(routes);
        new ExecRoutes(services.execs()).addTo(routes);
        new FileRoutes(services.files(), services.containers()).addTo(routes);
        new VolumeRoutes(services.volumes()).addTo(routes);
        new NetworkRoutes(services.networks()).addTo(routes);
    }

    /** Starts serving at {@code listeners}; close the server to stop. */
    public HttpServer serve(List<Listener> listeners) throws IOException {
        return HttpServer.start(listeners, this, DockerApi::writeError);
    }

    @Override
    public void handle(Request request, Response response) throws IOException, InterruptedException {
        Matcher versioned = VERSIONED.matcher(request.path());
        boolean named = versioned.matches();
        String version = named ? versioned.group(1) : ApiVersion.MAX.toString();
        String path = named ? versioned.group(2) : request.path();
        router.handle(request.under(path, Map.of(RouteTable.VERSION, version)), response);
    }

    private static void notFound(Request request, Response response) throws IOException {
        writeMessage(response, 404, "page not found");
    }

    /** Answers with {@code failure}'s status and text. */
    static void writeError(Throwable failure, Request request, Response response) throws IOException {
        int status = ErrorStatus.of(failure);
        if (status == 500) {
            log(request.method() + " " + request.path() + " failed", failure);
        }
        if (status == 304) {
            response.status(status).send(new byte[0]);
            return;
        }
        writeMessage(response, status, ErrorStatus.message(failure));
    }

    /** A fault with its trace; what the user can mend (a taken port, a full disk) is no fault of the engine. */
    private static void log(String what, Throwable failure) {
        if (failure instanceof FornoException known
                && (known.kind() == ErrorKind.RESOURCE_EXHAUSTED || known.kind() == ErrorKind.CANCELLED)) {
            LOG.log(Level.INFO, what + ": " + known.getMessage());
        } else {
            LOG.log(Level.WARNING, what, failure);
        }
    }

    private static void writeMessage(Response response, int status, String message) throws IOException {
        response.status(status)
                .header("Content-Type", "application/json")
                .send(Json.write(ErrorBody.class, new ErrorBody(message)));
    }
}
