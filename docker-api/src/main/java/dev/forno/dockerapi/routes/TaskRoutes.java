package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.StatsDocument;
import dev.forno.dockerapi.models.TaskDocuments.Top;
import dev.forno.dockerapi.models.TaskDocuments.WaitError;
import dev.forno.dockerapi.models.TaskDocuments.WaitResult;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.ErrorStatus;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.containers.ContainerStats;
import dev.forno.engine.containers.ContainerStats.ProcessTable;
import dev.forno.engine.containers.ContainerStats.Sample;
import dev.forno.engine.containers.Tasks;
import dev.forno.engine.containers.Tasks.Exit;
import dev.forno.engine.containers.Tasks.StopOptions;
import dev.forno.engine.containers.Tasks.WaitCondition;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Containers as processes: start, stop, wait, top, stats. */
public final class TaskRoutes {
    private static final long STATS_INTERVAL_MILLIS = 1000;

    private final Tasks tasks;
    private final ContainerStats stats;

    /** Creates the group over the services that it uses. */
    public TaskRoutes(Tasks tasks, ContainerStats stats) {
        this.tasks = tasks;
        this.stats = stats;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.post("/containers/{id}/start", this::start);
        routes.post("/containers/{id}/stop", (request, response) -> {
            tasks.stop(request.path("id"), stopOptions(request));
            Answers.nothing(response);
        });
        routes.post("/containers/{id}/restart", (request, response) -> {
            tasks.restart(request.path("id"), stopOptions(request));
            Answers.nothing(response);
        });
        routes.post("/containers/{id}/kill", (request, response) -> {
            tasks.kill(request.path("id"), request.textOrNull("signal"));
            Answers.nothing(response);
        });
        routes.post("/containers/{id}/pause", (request, response) -> {
            tasks.pause(request.path("id"));
            Answers.nothing(response);
        });
        routes.post("/containers/{id}/unpause", (request, response) -> {
            tasks.unpause(request.path("id"));
            Answers.nothing(response);
        });
        routes.post("/containers/{id}/wait", this::await);
        routes.get("/containers/{id}/top", this::top);
        routes.get("/containers/{id}/stats", this::stats);
    }

    private void start(ApiRequest request, Response response) throws IOException {
        if (request.textOrNull("checkpoint") != null || request.textOrNull("checkpoint-dir") != null) {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "starting from checkpoints is not supported yet");
        }
        tasks.start(request.path("id"));
        Answers.nothing(response);
    }

    private static StopOptions stopOptions(ApiRequest request) {
        Long timeout = request.number("t");
        if (timeout != null && timeout.intValue() != timeout) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "parse t: " + timeout + " is not a number of seconds from " + Integer.MIN_VALUE + " to "
                            + Integer.MAX_VALUE);
        }
        return new StopOptions(request.textOrNull("signal"), timeout == null ? null : timeout.intValue());
    }

    /** The head is sent as soon as the wait is registered: clients start the container when they see it. */
    private void await(ApiRequest request, Response response) throws IOException, InterruptedException {
        CompletableFuture<Exit> exit = tasks.await(request.path("id"), condition(request.text("condition")));
        response.interruptWhenClientGone();
        OutputStream out = response.header("Content-Type", "application/json").stream();
        WaitResult result;
        try {
            Exit ended = exit.get();
            result = new WaitResult(ended.code(), ended.error().isEmpty() ? null : new WaitError(ended.error()));
        } catch (ExecutionException e) {
            result =
                    new WaitResult(-1, new WaitError(ErrorStatus.message(Objects.requireNonNullElse(e.getCause(), e))));
        } finally {
            exit.cancel(false);
        }
        out.write(Json.write(WaitResult.class, result));
    }

    private static WaitCondition condition(String text) {
        return switch (text) {
            case "", "not-running" -> WaitCondition.NOT_RUNNING;
            case "next-exit" -> WaitCondition.NEXT_EXIT;
            case "removed" -> WaitCondition.REMOVED;
            default -> throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid condition: \"" + text + "\"");
        };
    }

    private void top(ApiRequest request, Response response) throws IOException {
        String arguments = request.text("ps_args").strip();
        ProcessTable table =
                stats.processes(request.path("id"), arguments.isEmpty() ? List.of() : List.of(arguments.split("\\s+")));
        Answers.json(response, Top.class, new Top(table.titles(), table.rows()));
    }

    /** One document a second; each carries the sample before it, from which clients compute rates. */
    private void stats(ApiRequest request, Response response) throws IOException, InterruptedException {
        String id = request.path("id");
        Sample sample = stats.sample(id);
        if (!request.flag("stream", true)) {
            StatsDocument document = StatsDocument.of(sample);
            if (!request.flag("one-shot")) {
                Thread.sleep(STATS_INTERVAL_MILLIS);
                document = StatsDocument.of(stats.sample(id), sample);
            }
            Answers.json(response, StatsDocument.class, document);
            return;
        }
        response.interruptWhenClientGone();
        OutputStream out = response.header("Content-Type", "application/json").stream();
        StatsDocument document = StatsDocument.of(sample);
        while (true) {
            byte[] json = Json.write(StatsDocument.class, document);
            byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            out.write(line);
            Thread.sleep(STATS_INTERVAL_MILLIS);
            Sample next = stats.sample(id);
            document = StatsDocument.of(next, sample);
            sample = next;
        }
    }
}
