package dev.forno.dockerapi.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.dockerapi.models.TaskDocuments;
import dev.forno.dockerapi.models.TaskDocuments.ExecCreated;
import dev.forno.dockerapi.models.TaskDocuments.ExecCreation;
import dev.forno.dockerapi.models.TaskDocuments.ExecDocument;
import dev.forno.dockerapi.models.TaskDocuments.ExecStarting;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.dockerapi.requests.StreamFrames;
import dev.forno.engine.containers.Attachment;
import dev.forno.engine.containers.Execs;
import dev.forno.engine.containers.Execs.Exec;
import dev.forno.engine.containers.StreamKind;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;

/** Further processes in running containers. */
public final class ExecRoutes {
    private final Execs execs;

    /** Creates the group over the service that it uses. */
    public ExecRoutes(Execs execs) {
        this.execs = execs;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.post("/containers/{id}/exec", this::create);
        routes.post("/exec/{id}/start", this::start);
        routes.post("/exec/{id}/resize", (request, response) -> {
            execs.resize(request.path("id"), StreamRoutes.size(request, "h"), StreamRoutes.size(request, "w"));
            response.send(new byte[0]);
        });
        routes.get(
                "/exec/{id}/json",
                (request, response) ->
                        Answers.json(response, ExecDocument.class, TaskDocuments.exec(execs.get(request.path("id")))));
    }

    private void create(ApiRequest request, Response response) throws IOException {
        String id = execs.create(
                request.path("id"), request.json(ExecCreation.class).toEngine());
        Answers.json(response, 201, ExecCreated.class, new ExecCreated(id));
    }

    private void start(ApiRequest request, Response response) throws IOException {
        String id = request.path("id");
        ExecStarting starting = request.json(ExecStarting.class, ExecStarting.EMPTY);
        Exec exec = execs.get(id);
        if (starting.detached()) {
            execs.startDetached(id, starting.toEngine());
            response.send(new byte[0]);
            return;
        }
        Attachment attachment;
        try {
            attachment = execs.start(id, starting.toEngine());
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.INVALID_ARGUMENT) {
                throw e;
            }
            tellOnStream(e.getMessage(), exec, request, response);
            return;
        }
        StreamRoutes.hijack(attachment, exec.request().stdio().stdin(), request, response);
    }

    /**
     * A command that can't be executed is told where its output would be, as dockerd does: clients then ask for the exit
     * code, which is 126 or 127.
     */
    private static void tellOnStream(String message, Exec exec, ApiRequest request, Response response)
            throws IOException {
        boolean tty = exec.request().tty();
        byte[] line = (message + "\r\n").getBytes(UTF_8);
        response.hijack(
                StreamFrames.contentType(tty, request.version()),
                client -> new StreamFrames(client.output(), tty).write(StreamKind.STDOUT, line, 0, line.length));
    }
}
