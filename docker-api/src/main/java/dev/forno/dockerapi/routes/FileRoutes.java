package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.ConfigDocument;
import dev.forno.dockerapi.models.ImageDocuments.Committed;
import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.TaskDocuments;
import dev.forno.dockerapi.models.TaskDocuments.ChangeDocument;
import dev.forno.dockerapi.models.TaskDocuments.Stat;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.containers.CommitRequest;
import dev.forno.engine.containers.ContainerFiles;
import dev.forno.engine.containers.ContainerFiles.Archive;
import dev.forno.engine.containers.ContainerFiles.PathStat;
import dev.forno.engine.containers.ContainerFiles.WriteOptions;
import dev.forno.engine.containers.Containers;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Containers as files: copy, diff, export, commit. */
public final class FileRoutes {
    private final ContainerFiles files;
    private final Containers containers;

    /** Creates the group over the services that it uses. */
    public FileRoutes(ContainerFiles files, Containers containers) {
        this.files = files;
        this.containers = containers;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.head("/containers/{id}/archive", this::stat);
        routes.get("/containers/{id}/archive", this::read);
        routes.put("/containers/{id}/archive", this::write);
        routes.get("/containers/{id}/changes", this::changes);
        routes.get("/containers/{id}/export", this::export);
        routes.post("/commit", this::commit);
    }

    private void stat(ApiRequest request, Response response) throws IOException {
        putStat(files.stat(request.path("id"), path(request)), response);
        response.send(new byte[0]);
    }

    private void read(ApiRequest request, Response response) throws IOException {
        try (Archive archive = files.read(request.path("id"), path(request))) {
            putStat(archive.stat(), response);
            archive.writeTo(response.header("Content-Type", "application/x-tar").stream());
        }
    }

    private static void putStat(PathStat stat, Response response) {
        byte[] json = Json.write(Stat.class, TaskDocuments.stat(stat));
        response.header("X-Docker-Container-Path-Stat", Base64.getEncoder().encodeToString(json));
    }

    private void write(ApiRequest request, Response response) throws IOException {
        WriteOptions options = new WriteOptions(request.flag("noOverwriteDirNonDir"), request.flag("copyUIDGID"));
        files.write(request.path("id"), path(request), request.body(), options);
        response.send(new byte[0]);
    }

    private static String path(ApiRequest request) {
        String path = request.text("path");
        if (path.isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "missing parameter path");
        }
        return path;
    }

    private void changes(ApiRequest request, Response response) throws IOException {
        List<ChangeDocument> documents = files.changes(request.path("id")).stream()
                .map(TaskDocuments::change)
                .toList();
        Answers.jsonList(response, ChangeDocument.class, documents);
    }

    private void export(ApiRequest request, Response response) throws IOException {
        // Looked up first: after the head is sent, "no such container" could not be told any more.
        String id = containers.get(request.path("id")).id();
        files.export(id, response.header("Content-Type", "application/octet-stream").stream());
    }

    private void commit(ApiRequest request, Response response) throws IOException {
        String repository = request.text("repo");
        String tag = request.text("tag");
        String reference = null;
        if (!repository.isEmpty()) {
            Reference named = Reference.parse(repository);
            reference = (tag.isEmpty() ? named.withDefaultTag() : named.withTag(tag)).toString();
        }
        String id = files.commit(new CommitRequest(
                        request.text("container"),
                        reference,
                        request.text("comment"),
                        request.text("author"),
                        request.flag("pause", true),
                        config(request),
                        request.texts("changes").stream()
                                .filter(line -> !line.isBlank())
                                .toList()))
                .imageId();
        Answers.json(response, 201, Committed.class, new Committed(id));
    }

    private static ImageConfig.@Nullable Execution config(ApiRequest request) throws IOException {
        ConfigDocument document = request.jsonOrNull(ConfigDocument.class);
        return document == null ? null : document.toExecution();
    }
}
