package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.DiskDocuments.CachePruned;
import dev.forno.dockerapi.models.StreamMessage;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.BuildParameters;
import dev.forno.dockerapi.requests.MessageStream;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.dockerapi.requests.Times;
import dev.forno.engine.Filters;
import dev.forno.engine.builds.BuildListener;
import dev.forno.engine.builds.BuildOutcome;
import dev.forno.engine.builds.BuildRequest;
import dev.forno.engine.builds.Builds;
import dev.forno.engine.builds.CachePruneReport;
import dev.forno.engine.builds.CachePruneRequest;
import dev.forno.http.server.Response;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds and their cache. */
public final class BuildRoutes {
    private static final Set<String> PRUNE_KEYS = Set.of("until", "unused-for", "id");

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
        Filters filters = request.filters();
        filters.requireKnown(PRUNE_KEYS);
        long keep = Math.max(request.number("keep-storage", 0), request.number("reserved-space", 0));
        for (String unknown : List.of("max-used-space", "min-free-space")) {
            if (request.number(unknown, 0) > 0) {
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED, "prune build cache: " + unknown + " is not supported yet");
            }
        }
        List<String> ids = filters.get("id");
        CachePruneReport report = builds.prune(new CachePruneRequest(
                request.flag("all"), unusedSince(filters), ids.isEmpty() ? null : ids.getFirst(), keep));
        Answers.json(response, CachePruned.class, new CachePruned(report.deleted(), report.reclaimedBytes()));
    }

    private @Nullable Instant unusedSince(Filters filters) {
        List<String> given = filters.has("until") ? filters.get("until") : filters.get("unused-for");
        if (given.isEmpty()) {
            return null;
        }
        String text = given.getFirst();
        return text.matches("(\\d+h)?(\\d+m)?(\\d+s)?") && !text.isEmpty()
                ? clock.instant().minus(Duration.parse("PT" + text))
                : Times.parse(text);
    }
}
