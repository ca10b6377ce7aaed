package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.streams.Attachment;
import dev.forno.cli.values.Variables;
import dev.forno.http.client.ClientRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code exec}. */
final class Executing {
    private Executing() {}

    static Command command() {
        return new Command(
                "[OPTIONS] CONTAINER COMMAND [ARG...]",
                "Execute a command in a running container",
                2,
                Command.ANY,
                """
                -d, --detach | Run in the background
                --detach-keys string | Keys that leave the command (default ctrl-p,ctrl-q)
                -e, --env list | Set an environment variable
                --env-file list | Read environment variables from a file
                -i, --interactive | Keep standard input open
                --privileged | Give all privileges
                -t, --tty | Give the command a terminal
                -u, --user string | User: name|uid[:group|gid]
                -w, --workdir string | Working directory
                """,
                Executing::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException, InterruptedException {
        boolean detach = arguments.is("detach");
        boolean tty = arguments.is("tty");
        boolean input = arguments.is("interactive") && !detach;
        List<String> words = arguments.operands();
        String keys = arguments.text("detach-keys");
        Running.inspect(session, words.getFirst());
        if (!detach) {
            Consoles.requireTerminal(tty, input);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("AttachStdin", input);
        document.put("AttachStdout", !detach);
        document.put("AttachStderr", !detach);
        document.put("Tty", tty);
        document.put("Cmd", words.subList(1, words.size()));
        document.put("Env", Variables.environment(arguments.list("env-file"), arguments.list("env"), System::getenv));
        document.put("User", arguments.text("user", ""));
        document.put("WorkingDir", arguments.text("workdir", ""));
        document.put("Privileged", arguments.is("privileged"));
        document.put("DetachKeys", keys == null ? "" : keys);
        String id = session.engine()
                .post(ContainerLife.path(words.getFirst(), "exec"), document)
                .text("Id");
        if (id.isEmpty()) {
            throw new Failure(1, "exec ID empty");
        }
        Map<String, Object> start = Map.of("Detach", detach, "Tty", tty);
        if (detach) {
            session.engine().post("/exec/" + id + "/start", start);
            return 0;
        }
        ClientRequest request =
                ClientRequest.postJson("/exec/" + id + "/start", Json.of(start).bytes());
        try (Consoles console = Consoles.join(session, session.engine().upgrade(request), tty, input, keys)) {
            console.followSize("/exec/" + id + "/resize");
            if (console.await() == Attachment.End.DETACHED) {
                return 0;
            }
        }
        return (int) session.engine().get("/exec/" + id + "/json").number("ExitCode");
    }
}
