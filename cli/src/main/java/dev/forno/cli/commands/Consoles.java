package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.streams.Attachment;
import dev.forno.cli.streams.DetachKeys;
import dev.forno.cli.streams.Signals;
import dev.forno.http.client.ClientResponse;
import dev.forno.linux.ErrnoException;
import dev.forno.linux.terminals.Terminal;
import dev.forno.linux.terminals.WindowSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This process' terminal and streams joined to a container or an exec: raw mode while they are, the size passed on, the
 * terminal put back at the end.
 */
final class Consoles implements AutoCloseable {
    private final Session session;
    private final ClientResponse response;
    private final boolean tty;
    private final boolean input;
    private final Attachment attachment;
    private Terminal.@Nullable Mode mode;

    private Consoles(Session session, ClientResponse response, boolean tty, boolean input) {
        this.session = session;
        this.response = response;
        this.tty = tty;
        this.input = input;
        this.attachment = new Attachment(response.duplex());
    }

    /** Refuses a terminal for a container when there is none here. */
    static void requireTerminal(boolean tty, boolean input) {
        if (tty && input && Terminal.of(0).isEmpty()) {
            throw new Failure(1, "the input device is not a TTY");
        }
    }

    /**
     * Joins the streams of an upgraded answer.
     *
     * @param tty whether the container has a terminal: then the stream is not multiplexed
     * @param input whether to pass on standard input
     * @param keys the detach keys of the container's client, null for the default
     */
    static Consoles join(Session session, ClientResponse response, boolean tty, boolean input, @Nullable String keys)
            throws IOException {
        Consoles console = new Consoles(session, response, tty, input);
        if (tty && input) {
            Optional<Terminal> terminal = Terminal.of(0);
            if (terminal.isPresent()) {
                console.mode = terminal.get().raw();
                // a signal must not leave the terminal raw
                Runtime.getRuntime().addShutdownHook(new Thread(console::restore));
            }
        }
        console.attachment.startOutput(session.out(), session.err(), !tty);
        if (input) {
            String sequence = keys == null || keys.isEmpty() ? DetachKeys.DEFAULT : keys;
            console.attachment.startInput(session.in(), tty ? DetachKeys.parse(sequence) : null);
        }
        return console;
    }

    /** Passes the terminal's size on, now and whenever it changes. */
    void followSize(String path) {
        if (!tty || Terminal.of(1).isEmpty()) {
            return;
        }
        resize(path);
        Signals.handle(List.of("WINCH"), signal -> resize(path));
    }

    private void resize(String path) {
        try {
            Optional<Terminal> terminal = Terminal.of(1);
            if (terminal.isPresent()) {
                WindowSize size = terminal.get().size();
                if (size.rows() > 0 || size.columns() > 0) {
                    session.engine()
                            .post(Query.of(path).with("h", "" + size.rows()).with("w", "" + size.columns()));
                }
            }
        } catch (ErrnoException e) {
            // the terminal has gone: there is no size to tell
        } catch (IOException e) {
            // the process may have ended meanwhile: its size does not matter any more
        }
    }

    /** Waits for the end of the streams; says when the detach keys were pressed. */
    Attachment.End await() throws IOException, InterruptedException {
        try {
            return attachment.await();
        } finally {
            restore();
        }
    }

    private synchronized void restore() {
        if (mode != null) {
            mode.close();
            mode = null;
        }
    }

    @Override
    public void close() {
        restore();
        response.close();
    }

    @Override
    public String toString() {
        return "console" + (tty ? " with terminal" : "") + (input ? " and input" : "");
    }
}
