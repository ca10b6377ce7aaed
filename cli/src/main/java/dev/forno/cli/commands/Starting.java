package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.streams.Attachment;
import dev.forno.http.client.ClientResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code start} and {@code attach}. */
final class Starting {
    private Starting() {}

    static Command start() {
        return new Command(
                "[OPTIONS] CONTAINER [CONTAINER...]", "Start stopped containers", 1, Command.ANY, """
                -a, --attach | Attach to output and signals
                --detach-keys string | Keys that leave the container (default ctrl-p,ctrl-q)
                -i, --interactive | Attach standard input too
                """, Starting::start);
    }

    private static int start(Session session, Arguments arguments) throws IOException, InterruptedException {
        boolean attach = arguments.is("attach") || arguments.is("interactive");
        if (attach) {
            if (arguments.operands().size() > 1) {
                throw new Failure(1, "you cannot start and attach multiple containers at once");
            }
            return startAttached(session, arguments);
        }
        List<String> errors = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (String name : arguments.operands()) {
            try {
                session.engine().post(ContainerLife.path(name, "start"));
                session.out().println(name);
            } catch (EngineException e) {
                errors.add(e.shown());
                failed.add(name);
            }
        }
        if (!failed.isEmpty()) {
            session.out().flush();
            errors.forEach(session.err()::println);
            throw new Failure(1, "Error: failed to start containers: " + String.join(", ", failed));
        }
        return 0;
    }

    private static int startAttached(Session session, Arguments arguments) throws IOException, InterruptedException {
        Json container = Running.inspect(session, arguments.operand(0));
        String id = container.text("Id");
        boolean tty = container.is("Config", "Tty");
        boolean input = arguments.is("interactive") && container.is("Config", "OpenStdin");
        Consoles.requireTerminal(tty, input);
        String keys = arguments.text("detach-keys");
        Running.proxySignals(session, id);
        Running.Streams streams = new Running.Streams(input, true, true);
        String condition = container.is("HostConfig", "AutoRemove") ? "removed" : "next-exit";
        try (Consoles console = Consoles.join(session, Running.attach(session, id, streams, keys), tty, input, keys);
                ClientResponse wait = Running.waitFor(session, id, condition)) {
            session.engine().post(ContainerLife.path(id, "start").withNullable("detachKeys", keys));
            console.followSize("/containers/" + id + "/resize");
            return console.await() == Attachment.End.DETACHED ? 0 : ExitCodes.read(wait);
        }
    }

    static Command attach() {
        return new Command("[OPTIONS] CONTAINER", "Attach to a running container", 1, 1, """
                --detach-keys string | Keys that leave the container (default ctrl-p,ctrl-q)
                --no-stdin | Do not attach standard input
                --sig-proxy | Pass signals to the process (default true)
                """, Starting::attach);
    }

    private static int attach(Session session, Arguments arguments) throws IOException, InterruptedException {
        Json container = Running.inspect(session, arguments.operand(0));
        if (!container.is("State", "Running")) {
            throw new Failure(1, "cannot attach to a stopped container, start it first");
        }
        if (container.is("State", "Paused")) {
            throw new Failure(1, "cannot attach to a paused container, unpause it first");
        }
        if (container.is("State", "Restarting")) {
            throw new Failure(1, "cannot attach to a restarting container, wait until it is running");
        }
        String id = container.text("Id");
        boolean tty = container.is("Config", "Tty");
        boolean input = !arguments.is("no-stdin") && container.is("Config", "OpenStdin");
        Consoles.requireTerminal(tty, input);
        String keys = arguments.text("detach-keys");
        if (arguments.is("sig-proxy", true)) {
            Running.proxySignals(session, id);
        }
        Running.Streams streams = new Running.Streams(input, true, true);
        try (ClientResponse wait = Running.waitFor(session, id, "not-running");
                Consoles console =
                        Consoles.join(session, Running.attach(session, id, streams, keys), tty, input, keys)) {
            console.followSize("/containers/" + id + "/resize");
            return console.await() == Attachment.End.DETACHED ? 0 : ExitCodes.read(wait);
        }
    }
}
