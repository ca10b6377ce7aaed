package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.progress.ProgressDisplay;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.RequestBody;
import dev.forno.linux.terminals.Terminal;
import dev.forno.oci.Reference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code tag}, {@code rmi}, {@code save}, {@code load}, {@code import}. */
final class ImageCommands {
    private static final int ANSWER_LIMIT = 64 << 20;

    private ImageCommands() {}

    static Command tag() {
        return new Command(
                "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
                "Give an image another name",
                2,
                2,
                "",
                (session, arguments) -> {
                    Reference target = Transfers.parse(arguments.operand(1));
                    if (target.digest() != null) {
                        throw new Failure(1, "refusing to create a tag with a digest reference");
                    }
                    session.engine()
                            .post(Query.of("/images/" + Query.segment(arguments.operand(0)) + "/tag")
                                    .with("repo", target.familiarName())
                                    .withNullable("tag", target.tag() == null ? "latest" : target.tag()));
                    return 0;
                });
    }

    static Command remove() {
        return new Command("[OPTIONS] IMAGE [IMAGE...]", "Remove images", 1, Command.ANY, """
                --dry-run | Only say what would be removed, and how much space that would free
                -f, --force | Remove it even when stopped containers use it
                --no-prune | Keep untagged parents
                --platform string | Remove only this platform, as linux/amd64
                """, (session, arguments) -> {
            boolean dry = arguments.is("dry-run");
            List<String> before = new ArrayList<>();
            Removal removal = new Removal(session, dry);
            double[] space = {0};
            int code = Each.run(session, arguments.operands(), name -> {
                Query query = Query.of("/images/" + Query.segment(name))
                        .withFlag("force", arguments.is("force"))
                        .withFlag("noprune", arguments.is("no-prune"))
                        .withFlag("dry-run", dry)
                        .withNullable("platforms", Platforms.document(arguments.text("platform")));
                if (dry) {
                    before.forEach(earlier -> query.with("after", earlier));
                    before.add(name);
                }
                try (ClientResponse response = session.engine().open(ClientRequest.delete(query.toString()))) {
                    space[0] += response.header("Forno-Space-Reclaimed")
                            .map(Double::parseDouble)
                            .orElse(0.0);
                    tell(session, Json.parse(response.bytes(ANSWER_LIMIT)), dry);
                }
            });
            if (dry) {
                removal.reclaimed(space[0]);
            }
            return code;
        });
    }

    private static void tell(Session session, Json removed, boolean dry) {
        for (Json item : removed.elements()) {
            boolean untagged = item.at("Deleted").isEmpty();
            String what = untagged ? item.text("Untagged") : item.text("Deleted");
            String done = untagged ? "Untagged: " : "Deleted: ";
            String wouldBe = untagged ? "Would be untagged: " : "Would be deleted: ";
            session.out().println((dry ? wouldBe : done) + what);
        }
    }

    static Command save() {
        return new Command(
                "[OPTIONS] IMAGE [IMAGE...]",
                "Save images to a tar archive",
                1,
                Command.ANY,
                """
                -o, --output string | Write to a file instead of standard output
                --platform string | Save only this platform, as linux/amd64
                """,
                (session, arguments) -> {
                    Outputs.requireNoTerminal(arguments.text("output"), "save");
                    Query query = Query.of("/images/get");
                    arguments.operands().forEach(name -> query.with("names", name));
                    query.withNullable("platform", Platforms.document(arguments.text("platform")));
                    try (ClientResponse response = session.engine().open(ClientRequest.get(query.toString()))) {
                        Outputs.copy(session, response.body(), arguments.text("output"));
                    }
                    return 0;
                });
    }

    static Command load() {
        return new Command("[OPTIONS]", "Load images from a tar archive", 0, 0, """
                -i, --input string | Read a file instead of standard input
                --platform string | Load only this platform, as linux/amd64
                -q, --quiet | Do not show the progress
                """, ImageCommands::load);
    }

    private static int load(Session session, Arguments arguments) throws IOException {
        String input = arguments.text("input");
        if (input == null && Terminal.of(0).isPresent()) {
            throw new Failure(1, "requested load from stdin, but stdin is empty");
        }
        boolean terminal = Terminal.of(1).isPresent();
        boolean quiet = arguments.is("quiet") || !terminal;
        Query query = Query.of("/images/load")
                .with("quiet", quiet ? "1" : "0")
                .withNullable("platform", Platforms.document(arguments.text("platform")));
        try (InputStream archive = input == null ? session.in() : open(input)) {
            ClientRequest request = ClientRequest.post(query.toString(), "application/x-tar", RequestBody.of(archive));
            try (ClientResponse response = session.engine().open(request)) {
                new ProgressDisplay(session.out(), terminal).show(response.body(), aux -> {});
            }
        }
        return 0;
    }

    static Command importArchive() {
        return new Command(
                "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]",
                "Make an image of a file system's tar archive",
                1,
                2,
                """
                -c, --change list | Apply a Dockerfile instruction to the image
                -m, --message string | Message in the image's history
                --platform string | Platform of the image, as linux/amd64
                """,
                ImageCommands::importArchive);
    }

    private static int importArchive(Session session, Arguments arguments) throws IOException {
        String source = arguments.operand(0);
        boolean url = source.matches("https?://.*");
        Query query = Query.of("/images/create").with("fromSrc", url ? source : "-");
        if (arguments.operands().size() > 1) {
            Reference name = Transfers.parse(arguments.operand(1));
            query.with("repo", name.familiarName()).withNullable("tag", name.tag());
        }
        query.withNullable("message", arguments.text("message")).withNullable("platform", arguments.text("platform"));
        arguments.list("change").forEach(change -> query.with("changes", change));
        try (InputStream archive =
                url ? InputStream.nullInputStream() : source.equals("-") ? session.in() : open(source)) {
            ClientRequest request = ClientRequest.post(query.toString(), "text/plain", RequestBody.of(archive));
            try (ClientResponse response = session.engine().open(request)) {
                new ProgressDisplay(session.out(), Terminal.of(1).isPresent()).show(response.body(), aux -> {});
            }
        }
        return 0;
    }

    static InputStream open(String file) throws IOException {
        try {
            return new BufferedInputStream(Files.newInputStream(Path.of(file)), 1 << 16);
        } catch (NoSuchFileException e) {
            throw new IOException("open " + file + ": no such file or directory", e);
        }
    }
}
