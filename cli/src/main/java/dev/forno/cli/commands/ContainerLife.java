package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.options.Arguments;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import java.io.IOException;

/** {@code stop}, {@code restart}, {@code kill}, {@code pause}, {@code unpause}, {@code wait}, {@code rename}, {@code rm}. */
final class ContainerLife {
    private static final String MANY = "CONTAINER [CONTAINER...]";

    private ContainerLife() {}

    static Command stop() {
        return signalled("stop", "Stop running containers");
    }

    static Command restart() {
        return signalled("restart", "Restart containers");
    }

    private static Command signalled(String verb, String summary) {
        return new Command(
                "[OPTIONS] " + MANY,
                summary,
                1,
                Command.ANY,
                """
                -s, --signal string | Signal to send
                -t, --timeout int | Seconds to wait before killing
                --time int | The same as --timeout
                """,
                (session, arguments) -> Each.printing(session, arguments.operands(), name -> session.engine()
                        .post(path(name, verb)
                                .withNullable("signal", arguments.text("signal"))
                                .withNullable(
                                        "t",
                                        arguments.text("timeout") == null
                                                ? arguments.text("time")
                                                : arguments.text("timeout")))));
    }

    static Command kill() {
        return new Command(
                "[OPTIONS] " + MANY,
                "Kill running containers",
                1,
                Command.ANY,
                """
                -s, --signal string | Signal to send instead of KILL
                """,
                (session, arguments) -> Each.printing(session, arguments.operands(), name -> session.engine()
                        .post(path(name, "kill").with("signal", arguments.text("signal", "SIGKILL")))));
    }

    static Command pause() {
        return plain("pause", "Freeze all processes of containers");
    }

    static Command unpause() {
        return plain("unpause", "Let the processes of paused containers go on");
    }

    private static Command plain(String verb, String summary) {
        return new Command(
                MANY,
                summary,
                1,
                Command.ANY,
                "",
                (session, arguments) -> Each.printing(
                        session, arguments.operands(), name -> session.engine().post(path(name, verb))));
    }

    static Command await() {
        return new Command(
                MANY,
                "Wait until containers stop, then print their exit codes",
                1,
                Command.ANY,
                "",
                (session, arguments) -> Each.run(session, arguments.operands(), name -> {
                    try (ClientResponse response = session.engine()
                            .open(ClientRequest.post(path(name, "wait").toString()))) {
                        session.out().println(ExitCodes.read(response));
                        session.out().flush();
                    }
                }));
    }

    static Command rename() {
        return new Command("CONTAINER NEW_NAME", "Rename a container", 2, 2, "", (session, arguments) -> {
            String name = arguments.operand(0);
            try {
                session.engine().post(path(name, "rename").with("name", arguments.operand(1)));
                return 0;
            } catch (EngineException e) {
                throw new Failure(1, e.shown() + "\nError: failed to rename container named " + name);
            }
        });
    }

    static Command remove() {
        return new Command("[OPTIONS] " + MANY, "Remove containers", 1, Command.ANY, """
                -f, --force | Kill a running container first
                -l, --link | Remove the link and not the container
                -v, --volumes | Remove its anonymous volumes too
                """, ContainerLife::remove);
    }

    private static int remove(Session session, Arguments arguments) throws IOException, InterruptedException {
        boolean force = arguments.is("force");
        return Each.run(session, arguments.operands(), name -> {
            try {
                session.engine()
                        .delete(Query.of("/containers/" + Query.segment(name))
                                .withFlag("v", arguments.is("volumes"))
                                .withFlag("link", arguments.is("link"))
                                .withFlag("force", force));
                session.out().println(name);
            } catch (EngineException e) {
                if (!force || !e.isNotFound()) {
                    throw e;
                }
                session.err().println(e.shown());
            }
        });
    }

    static Query path(String name, String verb) {
        return Query.of("/containers/" + Query.segment(name) + "/" + verb);
    }
}
