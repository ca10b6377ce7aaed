package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.streams.Attachment;
import dev.forno.cli.streams.Signals;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.linux.terminals.Terminal;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code run}, {@code create}. */
final class Running {
    private Running() {}

    static Command run() {
        return new Command(
                "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                "Create and run a new container from an image",
                1,
                Command.ANY,
                CreateOptions.TEXT + """
                -d, --detach | Run in the background and print the container's id
                --detach-keys string | Keys that leave the container (default ctrl-p,ctrl-q)
                --sig-proxy | Pass signals to the process (default true)
                """,
                Running::explained);
    }

    static Command create() {
        return new Command(
                "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                "Create a new container",
                1,
                Command.ANY,
                CreateOptions.TEXT,
                (session, arguments) -> {
                    session.out().println(create(session, arguments));
                    return 0;
                });
    }

    // options that make no sense end with 125 and a hint; what the engine refuses is an ordinary error here
    private static String create(Session session, Arguments arguments) throws IOException {
        try {
            return Creation.create(session, arguments, true);
        } catch (CreateRequest.Invalid e) {
            throw failure("create", ExitCodes.NOT_RUN, String.valueOf(e.getMessage()));
        }
    }

    /** Failures of {@code run}, whatever they are, end with 125 and a hint: other codes are the container's. */
    private static int explained(Session session, Arguments arguments) throws InterruptedException {
        try {
            return run(session, arguments);
        } catch (EngineException e) {
            throw failure("run", ExitCodes.NOT_RUN, e.shown());
        } catch (CreateRequest.Invalid | IOException e) {
            throw failure("run", ExitCodes.NOT_RUN, String.valueOf(e.getMessage()));
        }
    }

    private static Failure failure(String name, int code, String message) {
        return new Failure(code, "forno: " + message + "\n\nRun 'forno " + name + " --help' for more information");
    }

    private static int run(Session session, Arguments arguments) throws IOException, InterruptedException {
        boolean detached = arguments.is("detach");
        boolean tty = arguments.is("tty");
        if (detached && arguments.given("attach")) {
            throw failure("run", ExitCodes.NOT_RUN, "Conflicting options: -a and -d");
        }
        Map<String, Object> document = CreateRequest.build(arguments, !detached);
        boolean input = Boolean.TRUE.equals(document.get("AttachStdin"));
        if (!detached) {
            Consoles.requireTerminal(tty, input);
        }
        if (tty && Terminal.of(1).isPresent()) {
            var size = Terminal.of(1).get().size();
            Creation.hostConfig(document).put("ConsoleSize", java.util.List.of(size.rows(), size.columns()));
        }
        String id = Creation.create(session, arguments, document);
        if (detached) {
            start(session, id, null);
            session.out().println(id);
            return 0;
        }
        boolean out = Boolean.TRUE.equals(document.get("AttachStdout"));
        boolean err = Boolean.TRUE.equals(document.get("AttachStderr"));
        if (!input && !out && !err) {
            start(session, id, null);
            session.out().println(id);
            return 0;
        }
        return attached(session, arguments, id, tty, new Streams(input, out, err));
    }

    /** Which streams of a container are attached. */
    record Streams(boolean in, boolean out, boolean err) {}

    private static int attached(Session session, Arguments arguments, String id, boolean tty, Streams streams)
            throws IOException, InterruptedException {
        String keys = arguments.text("detach-keys");
        if (arguments.is("sig-proxy", true)) {
            proxySignals(session, id);
        }
        try (Consoles console = Consoles.join(session, attach(session, id, streams, keys), tty, streams.in, keys);
                ClientResponse wait = waitFor(session, id, arguments.is("rm") ? "removed" : "next-exit")) {
            start(session, id, keys);
            console.followSize("/containers/" + id + "/resize");
            if (console.await() == Attachment.End.DETACHED) {
                return 0;
            }
            return ExitCodes.read(wait);
        }
    }

    static ClientResponse attach(Session session, String id, Streams streams, @Nullable String keys)
            throws IOException {
        Query query = Query.of("/containers/" + Query.segment(id) + "/attach")
                .with("stream", "1")
                .withFlag("stdin", streams.in)
                .withFlag("stdout", streams.out)
                .withFlag("stderr", streams.err)
                .withNullable("detachKeys", keys);
        return session.engine().upgrade(ClientRequest.post(query.toString()));
    }

    /** Asks for the exit code; the answer's head comes at once, so that no exit is missed. */
    static ClientResponse waitFor(Session session, String id, String condition) throws IOException {
        Query query = ContainerLife.path(id, "wait").with("condition", condition);
        return session.engine().open(ClientRequest.post(query.toString()));
    }

    private static void start(Session session, String id, @Nullable String keys) throws IOException {
        try {
            session.engine().post(ContainerLife.path(id, "start").withNullable("detachKeys", keys));
        } catch (EngineException e) {
            throw failure("run", ExitCodes.ofStartFailure(String.valueOf(e.getMessage())), e.shown());
        }
    }

    static void proxySignals(Session session, String id) {
        Signals.handle(Signals.PROXIED, signal -> {
            try {
                session.engine().post(ContainerLife.path(id, "kill").with("signal", signal));
            } catch (IOException e) {
                // the container has ended: nobody is left to signal
            }
        });
    }

    static Json inspect(Session session, String name) throws IOException {
        return session.engine().get(Query.of("/containers/" + Query.segment(name) + "/json"));
    }
}
