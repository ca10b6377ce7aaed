package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.options.Arguments;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.util.Map;

/** {@code commit} and {@code export}. */
final class Exports {
    private Exports() {}

    static Command commit() {
        return new Command(
                "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
                "Create an image from a container's changes",
                1,
                2,
                """
                -a, --author string | Author
                -c, --change list | Apply a Dockerfile instruction to the image
                -m, --message string | Message in the image's history
                -p, --pause | Pause the container meanwhile (default true)
                """,
                Exports::commit);
    }

    private static int commit(Session session, Arguments arguments) throws IOException {
        Query query = Query.of("/commit").with("container", arguments.operand(0));
        if (arguments.operands().size() > 1) {
            Reference name = Transfers.parse(arguments.operand(1));
            query.with("repo", name.familiarName()).with("tag", name.tag() == null ? "latest" : name.tag());
        }
        query.withNullable("author", arguments.text("author"))
                .withNullable("comment", arguments.text("message"))
                .with("pause", arguments.is("pause", true) ? "1" : "0");
        arguments.list("change").forEach(change -> query.with("changes", change));
        session.out().println(session.engine().post(query, Map.of()).text("Id"));
        return 0;
    }

    static Command export() {
        return new Command(
                "[OPTIONS] CONTAINER",
                "Export a container's file system as a tar archive",
                1,
                1,
                """
                -o, --output string | Write to a file instead of standard output
                """,
                (session, arguments) -> {
                    Outputs.requireNoTerminal(arguments.text("output"), "export");
                    Query query = ContainerLife.path(arguments.operand(0), "export");
                    try (ClientResponse response = session.engine().open(ClientRequest.get(query.toString()))) {
                        Outputs.copy(session, response.body(), arguments.text("output"));
                    }
                    return 0;
                });
    }
}
