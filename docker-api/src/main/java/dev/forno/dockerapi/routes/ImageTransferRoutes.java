package dev.forno.dockerapi.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.StreamMessage;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.Credential;
import dev.forno.dockerapi.requests.MessageStream;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.images.Image;
import dev.forno.engine.images.ImageArchives;
import dev.forno.engine.images.ImageTransfers;
import dev.forno.engine.images.ImportRequest;
import dev.forno.engine.images.Progress;
import dev.forno.engine.images.PullRequest;
import dev.forno.http.server.Response;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images on the move: pull, push, import, load, save. */
public final class ImageTransferRoutes {
    private final ImageTransfers transfers;
    private final ImageArchives archives;

    /** Creates the group over the services that it uses. */
    public ImageTransferRoutes(ImageTransfers transfers, ImageArchives archives) {
        this.transfers = transfers;
        this.archives = archives;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.post("/images/create", this::create);
        routes.post("/images/load", this::load);
        routes.get("/images/get", (request, response) -> save(request.texts("names"), request, response));
        routes.get(
                "/images/{name...}/get", (request, response) -> save(List.of(request.path("name")), request, response));
        routes.post("/images/{name...}/push", this::push);
    }

    private void create(ApiRequest request, Response response) throws IOException, InterruptedException {
        if (request.textOrNull("fromImage") != null) {
            pull(request, response);
        } else {
            importTar(request, response);
        }
    }

    private void pull(ApiRequest request, Response response) throws IOException, InterruptedException {
        Reference named = Reference.parse(request.text("fromImage"));
        String tag = request.text("tag");
        Reference wanted =
                tag.isEmpty() ? named : tag.contains(":") ? named.withDigest(Digest.parse(tag)) : named.withTag(tag);
        boolean allTags = wanted.tag() == null && wanted.digest() == null;
        PullRequest pull = new PullRequest(wanted, allTags, platform(request), Credential.of(request));
        try {
            MessageStream.run(response, stream -> transfers.pull(pull, listener(stream)));
        } catch (FornoException e) {
            // a 401 would make the docker CLI stop and ask for a password; dockerd answers as to any failure here
            throw e.kind() == ErrorKind.UNAUTHENTICATED ? new FornoException(ErrorKind.INTERNAL, e.getMessage(), e) : e;
        }
    }

    private void importTar(ApiRequest request, Response response) throws IOException, InterruptedException {
        String source = request.text("fromSrc");
        if (!source.equals("-")) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "import " + source + ": importing from an address is not supported yet: fetch it and import \"-\"");
        }
        Reference name = request.textOrNull("repo") == null ? null : Reference.parse(request.text("repo"));
        String tag = request.text("tag");
        if (name != null) {
            name = tag.isEmpty() ? name.withDefaultTag() : name.withTag(tag);
        }
        ImportRequest wanted =
                new ImportRequest(name, request.text("message"), platform(request), request.texts("changes"));
        MessageStream.run(response, stream -> {
            Image image = archives.importTar(request.body(), wanted, listener(stream));
            stream.send(StreamMessage.status(image.id().toString()));
        });
    }

    private void load(ApiRequest request, Response response) throws IOException, InterruptedException {
        Platform platform = platform(request);
        boolean quiet = request.flag("quiet", true);
        MessageStream.run(response, stream -> archives.load(request.body(), platform, quiet, listener(stream)));
    }

    private void save(List<String> names, ApiRequest request, Response response) throws IOException {
        if (names.isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "no images were named to be saved");
        }
        try (ImageArchives.Saved saved = archives.save(names, platform(request))) {
            saved.writeTo(response.header("Content-Type", "application/x-tar").stream());
        }
    }

    private void push(ApiRequest request, Response response) throws IOException, InterruptedException {
        Reference named = Reference.parse(request.path("name"));
        String tag = request.text("tag");
        Reference wanted = tag.isEmpty() ? named : named.withTag(tag);
        Platform platform = platform(request);
        MessageStream.run(
                response, stream -> transfers.push(wanted, platform, Credential.of(request), listener(stream)));
    }

    private static Progress.Listener listener(MessageStream stream) {
        return progress -> stream.send(StreamMessage.of(progress));
    }

    /** The platform asked for: {@code os/arch}, or as newer clients send it, a JSON document. */
    static @Nullable Platform platform(ApiRequest request) {
        String text = request.text("platform");
        return text.isEmpty() ? null : platform(text);
    }

    /** A platform in either form. */
    static Platform platform(String text) {
        return text.startsWith("{") ? Json.read(text.getBytes(UTF_8), Platform.class) : Platform.parse(text);
    }
}
