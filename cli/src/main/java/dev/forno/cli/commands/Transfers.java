package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.credentials.Credentials;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.progress.ProgressDisplay;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.linux.terminals.Terminal;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pull} and {@code push}. */
final class Transfers {
    private Transfers() {}

    static Command pull() {
        return new Command(
                "[OPTIONS] NAME[:TAG|@DIGEST]", "Download an image from a registry", 1, 1, """
                -a, --all-tags | Download every tag of the repository
                --disable-content-trust | Accepted for compatibility (default true)
                --platform string | Platform of the image, as linux/amd64
                -q, --quiet | Do not show the progress
                """, Transfers::pull);
    }

    private static int pull(Session session, Arguments arguments) throws IOException {
        String name = arguments.operand(0);
        Reference reference = parse(name);
        boolean all = arguments.is("all-tags");
        if (all && !isNameOnly(name)) {
            throw new Failure(1, "tag can't be used with --all-tags/-a");
        }
        if (isNameOnly(name) && !all && !arguments.is("quiet")) {
            session.out().println("Using default tag: latest");
        }
        pull(session, reference, all, arguments.text("platform"), arguments.is("quiet") ? null : session.out());
        session.out().println(all ? reference.name() : reference.withDefaultTag());
        return 0;
    }

    /** Pulls an image; the progress goes to {@code progress} unless that is null. */
    static void pull(
            Session session,
            Reference reference,
            boolean all,
            @Nullable String platform,
            @Nullable PrintStream progress)
            throws IOException {
        String tag = reference.digest() != null ? reference.digest().toString() : tagOf(reference);
        Query query = Query.of("/images/create")
                .with("fromImage", reference.name())
                .withNullable("tag", all ? null : tag)
                .withNullable("platform", platform);
        ClientRequest request = new ClientRequest(
                "POST", query.toString(), authorization(session, reference), dev.forno.http.client.RequestBody.EMPTY);
        try (ClientResponse response = session.engine().open(request)) {
            show(response, progress);
        }
    }

    private static void show(ClientResponse response, @Nullable PrintStream progress) throws IOException {
        PrintStream out = progress == null ? new PrintStream(OutputStream.nullOutputStream()) : progress;
        boolean terminal = progress != null && Terminal.of(1).isPresent();
        new ProgressDisplay(out, terminal).show(response.body(), aux -> {});
    }

    private static Map<String, String> authorization(Session session, Reference reference) throws IOException {
        String key = Credentials.key(reference.registry());
        return Map.of("X-Registry-Auth", session.credentials().find(key).header());
    }

    static Command push() {
        return new Command("[OPTIONS] NAME[:TAG]", "Upload an image to a registry", 1, 1, """
                -a, --all-tags | Upload every tag of the repository
                --disable-content-trust | Accepted for compatibility (default true)
                --platform string | Upload only this platform, as linux/amd64
                -q, --quiet | Do not show the progress
                """, Transfers::push);
    }

    private static int push(Session session, Arguments arguments) throws IOException {
        String name = arguments.operand(0);
        Reference reference = parse(name);
        boolean all = arguments.is("all-tags");
        boolean quiet = arguments.is("quiet");
        if (all && !isNameOnly(name)) {
            throw new Failure(1, "tag can't be used with --all-tags/-a");
        }
        if (isNameOnly(name) && !all && !quiet) {
            session.out().println("Using default tag: latest");
        }
        Query query = Query.of("/images/" + Query.segment(reference.familiarName()) + "/push")
                .withNullable("tag", all ? null : tagOf(reference))
                .withNullable("platform", Platforms.document(arguments.text("platform")));
        ClientRequest request = new ClientRequest(
                "POST", query.toString(), authorization(session, reference), dev.forno.http.client.RequestBody.EMPTY);
        try (ClientResponse response = session.engine().open(request)) {
            show(response, quiet ? null : session.out());
        }
        if (quiet) {
            session.out().println(reference.withDefaultTag());
        }
        return 0;
    }

    private static String tagOf(Reference reference) {
        return reference.tag() == null ? "latest" : reference.tag();
    }

    static Reference parse(String name) {
        try {
            return Reference.parse(name);
        } catch (FornoException e) {
            throw new Failure(1, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isNameOnly(String name) {
        return name.indexOf('@') < 0 && name.lastIndexOf(':') <= name.lastIndexOf('/');
    }
}
