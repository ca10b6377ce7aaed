package dev.forno.cli.commands;

import dev.forno.cli.archives.Extraction;
import dev.forno.cli.archives.TarReader;
import dev.forno.cli.archives.TarWriter;
import dev.forno.cli.archives.Tree;
import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.RequestBody;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cp}. */
final class Copying {
    /** The type bit of a directory and of a link in the engine's file modes, which are Go's. */
    private static final long DIRECTORY = 1L << 31;

    private static final long SYMLINK = 1L << 27;

    private Copying() {}

    /** A container and a path in it. */
    private record Place(String container, String path) {
        static @Nullable Place parse(String text) {
            int colon = text.indexOf(':');
            boolean local = colon < 0 || text.startsWith("/") || (text.startsWith(".") && text.indexOf('/') < colon);
            return local ? null : new Place(text.substring(0, colon), text.substring(colon + 1));
        }

        Query archive() {
            return Query.of("/containers/" + Query.segment(container) + "/archive")
                    .with("path", path);
        }

        Place at(String other) {
            return new Place(container, other);
        }
    }

    static Command command() {
        return new Command(
                "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tforno cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
                "Copy files between a container and this machine; - is a tar archive on standard input or output",
                2,
                2,
                """
                -a, --archive | Keep the owners of files
                -L, --follow-link | Follow a symbolic link in SRC_PATH
                -q, --quiet | Accepted for compatibility
                """,
                Copying::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        String source = arguments.operand(0);
        String target = arguments.operand(1);
        Place from = Place.parse(source);
        Place to = Place.parse(target);
        if (from != null && to != null) {
            throw new Failure(1, "copying between containers is not supported");
        }
        if (from != null) {
            out(session, arguments, from, target);
        } else if (to != null) {
            in(session, arguments, source, to);
        } else {
            throw new Failure(1, "must specify at least one container source");
        }
        return 0;
    }

    private static void out(Session session, Arguments arguments, Place given, String target) throws IOException {
        Place from = arguments.is("follow-link") ? followed(session, given) : given;
        if (target.equals("-")) {
            try (ClientResponse response =
                    session.engine().open(ClientRequest.get(from.archive().toString()))) {
                response.body().transferTo(session.out());
            }
            return;
        }
        try (ClientResponse response =
                session.engine().open(ClientRequest.get(from.archive().toString()))) {
            boolean directory = (stat(response).number("mode") & DIRECTORY) != 0;
            String name = baseName(from.path);
            Path path = Path.of(target).toAbsolutePath();
            TarReader archive = new TarReader(response.body());
            boolean owners = arguments.is("archive");
            if (Files.isDirectory(path)) {
                Extraction.run(archive, path, name, name.equals(".") ? "" : baseName(given.path), owners);
                return;
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                if (directory) {
                    throw new Failure(1, "cannot copy directory");
                }
            } else if (target.endsWith("/") && !directory) {
                throw new Failure(1, "no such directory");
            }
            Path parent = path.normalize().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new Failure(1, "invalid output path: directory \"" + parent + "\" does not exist");
            }
            Extraction.run(
                    archive, parent, name, String.valueOf(path.normalize().getFileName()), owners);
        }
    }

    private static void in(Session session, Arguments arguments, String source, Place given) throws IOException {
        Path path = source.equals("-") ? Path.of("-") : local(source, arguments.is("follow-link"));
        Place to = followed(session, given);
        Json stat = find(session, to);
        boolean exists = !stat.isEmpty();
        boolean intoDirectory = exists && (stat.number("mode") & DIRECTORY) != 0;
        boolean owners = arguments.is("archive");
        if (source.equals("-")) {
            if (exists && !intoDirectory) {
                throw new Failure(1, "destination \"" + given.container + ":" + given.path + "\" must be a directory");
            }
            put(session, to, owners, RequestBody.of(session.in()));
            return;
        }
        boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        boolean contents = source.equals(".") || source.endsWith("/.");
        if (exists && !intoDirectory && directory) {
            throw new Failure(1, "cannot copy directory");
        }
        if (!exists && !directory && given.path.endsWith("/")) {
            throw new Failure(1, "no such directory");
        }
        String name = intoDirectory ? baseName(absolute(source)) : baseName(to.path);
        Place place = intoDirectory ? to : to.at(parent(to.path));
        Tree.Owners whose = owners ? Tree.Owners.KEPT : Tree.Owners.ROOT;
        put(session, place, owners, RequestBody.streaming(out -> {
            BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
            try (TarWriter archive = new TarWriter(buffered)) {
                Tree tree = new Tree(archive, whose);
                if (contents && intoDirectory) {
                    tree.addContents(path, Tree.Selection.ALL);
                } else {
                    tree.add(path, name);
                }
            }
            buffered.flush();
        }));
    }

    private static Path local(String source, boolean follow) throws IOException {
        Path path = Path.of(absolute(source));
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(1, "lstat " + path + ": no such file or directory");
        }
        // a slash at the end asks for what a link leads to
        boolean resolve = follow || source.endsWith("/") || source.endsWith("/.");
        if (source.endsWith("/") && !Files.isDirectory(path)) {
            throw new Failure(1, "extraction point is not a directory");
        }
        return resolve ? path.toRealPath() : path;
    }

    private static String absolute(String source) {
        return Path.of(source).toAbsolutePath().normalize().toString();
    }

    private static void put(Session session, Place place, boolean owners, RequestBody body) throws IOException {
        Query query = place.archive().with("noOverwriteDirNonDir", "true").withFlag("copyUIDGID", owners);
        session.engine().put(query, "application/x-tar", body);
    }

    private static Place followed(Session session, Place place) throws IOException {
        Json stat = find(session, place);
        String target = stat.text("linkTarget");
        if ((stat.number("mode") & SYMLINK) == 0 || target.isEmpty()) {
            return place;
        }
        String path = target.startsWith("/") ? target : parent(place.path) + "/" + target;
        return place.at(Path.of(path).normalize().toString());
    }

    /** What a path in a container is; empty when there is nothing. */
    private static Json find(Session session, Place place) throws IOException {
        ClientRequest request = new ClientRequest("HEAD", place.archive().toString(), Map.of(), RequestBody.EMPTY);
        try (ClientResponse response = session.engine().open(request)) {
            return stat(response);
        } catch (EngineException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            // the answer to HEAD has no words: it may be the container that is missing
            Running.inspect(session, place.container);
            return Json.of(null);
        }
    }

    private static Json stat(ClientResponse response) throws IOException {
        String header = response.header("X-Docker-Container-Path-Stat").orElse("");
        if (header.isEmpty()) {
            throw new IOException("copy: the engine does not say what the path is");
        }
        return Json.parse(Base64.getDecoder().decode(header));
    }

    static String baseName(String path) {
        if (path.endsWith("/.") || path.equals(".") || path.isEmpty()) {
            return ".";
        }
        Path name = Path.of(path).normalize().getFileName();
        return name == null ? "/" : name.toString();
    }

    private static String parent(String path) {
        Path parent = Path.of(path).normalize().getParent();
        return parent == null ? "/" : parent.toString();
    }
}
