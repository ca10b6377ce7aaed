package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.DiskDocuments.CachePruned;
import dev.forno.dockerapi.models.PruneDocuments;
import dev.forno.dockerapi.models.StreamMessage;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.BuildParameters;
import dev.forno.dockerapi.requests.MessageStream;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.Trial;
import dev.forno.engine.builds.BuildListener;
import dev.forno.engine.builds.BuildOutcome;
import dev.forno.engine.builds.BuildRequest;
import dev.forno.engine.builds.Builds;
import dev.forno.engine.builds.CachePruneReport;
import dev.forno.engine.builds.CachePruneRequest;
import dev.forno.engine.builds.CachePruneRequest.Space;
import dev.forno.http.server.Response;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;

/** Builds and their cache. */
public final class BuildRoutes {
    private final Builds builds;
    private final InstantSource clock;

    /** Creates the group over the services that it uses. */
    public BuildRoutes(Builds builds, InstantSource clock) {
        this.builds = builds;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.post("/build", this::build);
        routes.post("/build/prune", this::prune);
        routes.post("/build/cancel", (request, response) -> {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "cancelling by id is part of BuildKit: close the connection of the build");
        });
    }

    private void build(ApiRequest request, Response response) throws IOException, InterruptedException {
        BuildRequest build = BuildParameters.read(request);
        MessageStream.run(response, stream -> {
            switch (builds.build(build, new Listener(stream))) {
                case BuildOutcome.Built(var image) -> {
                    // Everything was said on the way.
                }
                case BuildOutcome.StepFailed failed ->
                    stream.send(StreamMessage.failure(failed.message(), failed.exitCode()));
            }
        });
    }

    private record Listener(MessageStream stream) implements BuildListener {
        @Override
        public void text(String text) {
            stream.send(StreamMessage.text(text));
        }

        @Override
        public void image(Digest id) {
            stream.send(StreamMessage.aux(Map.of("ID", id.toString())));
        }

        @Override
        public void pull(String layer, String status, long current, long total) {
            stream.send(
                    layer.isEmpty()
                            ? StreamMessage.status(status)
                            : StreamMessage.bytes(layer, status, current, total));
        }
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        // Before 1.48 the reserved space had another name.
        long reserved = Math.max(request.number("keep-storage", 0), request.number("reserved-space", 0));
        Space space = new Space(reserved, request.number("max-used-space", 0), request.number("min-free-space", 0));
        CachePruneRequest wanted = CachePruneRequest.of(request.flag("all"), request.filters(), space, clock.instant());
        CachePruneReport report = request.isDry() ? builds.tryPrune(wanted, new Trial()) : builds.prune(wanted);
        Answers.json(response, CachePruned.class, PruneDocuments.of(report));
    }
}
