package dev.forno.dockerapi.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.dockerapi.models.GoTimes;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.AttachmentPump;
import dev.forno.dockerapi.requests.GatheringOutput;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.dockerapi.requests.StreamFrames;
import dev.forno.engine.containers.Attachment;
import dev.forno.engine.containers.Attachment.AttachOptions;
import dev.forno.engine.containers.ContainerStreams;
import dev.forno.engine.containers.LogQuery;
import dev.forno.engine.containers.LogStream;
import dev.forno.engine.containers.LogStream.LogEntry;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** What containers say and hear: attach, logs, terminal size. */
public final class StreamRoutes {
    private final ContainerStreams streams;

    /** Creates the group over the service that it uses. */
    public StreamRoutes(ContainerStreams streams) {
        this.streams = streams;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.post("/containers/{id}/attach", this::attach);
        routes.get("/containers/{id}/attach/ws", (request, response) -> {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "attaching by WebSocket is not supported yet");
        });
        routes.get("/containers/{id}/logs", this::logs);
        routes.post("/containers/{id}/resize", (request, response) -> {
            streams.resize(request.path("id"), size(request, "h"), size(request, "w"));
            response.send(new byte[0]);
        });
    }

    private void attach(ApiRequest request, Response response) throws IOException {
        AttachOptions options = new AttachOptions(
                request.flag("stdin"),
                request.flag("stdout"),
                request.flag("stderr"),
                request.flag("logs"),
                request.flag("stream"),
                request.text("detachKeys"));
        hijack(streams.attach(request.path("id"), options), options.stdin(), request, response);
    }

    /** Hands the connection to {@code attachment}, which is closed in any case. */
    static void hijack(Attachment attachment, boolean withStdin, ApiRequest request, Response response)
            throws IOException {
        try {
            response.hijack(
                    StreamFrames.contentType(attachment.tty(), request.version()),
                    client -> AttachmentPump.run(client, attachment, withStdin));
        } catch (IOException | RuntimeException e) {
            attachment.close();
            throw e;
        }
    }

    static int size(ApiRequest request, String name) {
        Long value = request.number(name);
        if (value == null || value < 0 || value > 0xffff) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "resize: " + name + " must be a number from 0 to 65535");
        }
        return value.intValue();
    }

    private void logs(ApiRequest request, Response response) throws IOException, InterruptedException {
        boolean stdout = request.flag("stdout");
        boolean stderr = request.flag("stderr");
        if (!stdout && !stderr) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "Bad parameters: you must choose at least one stream");
        }
        LogQuery query = new LogQuery(
                stdout,
                stderr,
                request.flag("follow"),
                request.instant("since", true),
                request.instant("until", true),
                tail(request.text("tail")));
        boolean timestamps = request.flag("timestamps");
        boolean details = request.flag("details");
        try (LogStream log = streams.logs(request.path("id"), query)) {
            response.interruptWhenClientGone();
            response.header("Content-Type", StreamFrames.contentType(log.tty(), request.version()));
            try (GatheringOutput out = new GatheringOutput(response.stream())) {
                StreamFrames frames = new StreamFrames(out, log.tty());
                for (Optional<LogEntry> entry = log.next(); entry.isPresent(); entry = log.next()) {
                    byte[] line = line(entry.get(), timestamps, details);
                    frames.write(entry.get().stream(), line, 0, line.length);
                }
            }
        }
    }

    private static byte[] line(LogEntry entry, boolean timestamps, boolean details) {
        if (!timestamps && !details) {
            return entry.line();
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        if (timestamps) {
            line.writeBytes((GoTimes.rfc3339Nano(entry.time()) + " ").getBytes(UTF_8));
        }
        if (details) {
            // No log driver here records attributes, so their list is empty.
            line.write(' ');
        }
        line.writeBytes(entry.line());
        return line.toByteArray();
    }

    private static int tail(String text) {
        if (text.isEmpty() || text.equals("all")) {
            return -1;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // As dockerd does: a tail that is no number means everything.
            return -1;
        }
    }
}
