package dev.forno.cli.progress;

import dev.forno.cli.documents.Json;
import dev.forno.cli.values.Sizes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Shows the messages of a pull, push, load or build. On a terminal each object has a line of its own that changes in
 * place; elsewhere every step is one line and bars are left out. Not thread-safe.
 */
public final class ProgressDisplay {
    private static final int BAR = 50;

    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, Integer> lines = new HashMap<>();

    /**
     * A display.
     *
     * @param terminal whether lines can change in place
     */
    public ProgressDisplay(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Shows messages, one JSON document a line, until the stream ends.
     *
     * @param aux gets the values that messages carry beside their text, as an image's id
     * @throws ProgressException when a message tells of a failure
     */
    public void show(InputStream messages, Consumer<Json> aux) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(messages, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                show(Json.parse(line), aux);
                out.flush();
            }
        }
    }

    private void show(Json message, Consumer<Json> aux) throws ProgressException {
        if (!message.at("aux").isEmpty()) {
            aux.accept(message.at("aux"));
            return;
        }
        String error = message.text("errorDetail", "message");
        if (error.isEmpty()) {
            error = message.text("error");
        }
        if (!error.isEmpty()) {
            throw new ProgressException(error, (int) message.number("errorDetail", "code"));
        }
        Json detail = message.at("progressDetail");
        boolean moving = detail.number("current") > 0 || detail.number("total") > 0;
        if (!message.at("stream").isEmpty()) {
            lines.clear();
            out.print(message.text("stream"));
        } else if (!terminal) {
            if (!moving) {
                out.println(text(message));
            }
        } else if (message.text("id").isEmpty()) {
            lines.clear();
            out.println(text(message));
        } else {
            inPlace(message.text("id"), text(message) + (moving ? " " + bar(detail) : ""));
        }
    }

    private static String text(Json message) {
        String id = message.text("id");
        return (id.isEmpty() ? "" : id + ": ") + message.text("status");
    }

    private void inPlace(String id, String text) {
        Integer line = lines.get(id);
        if (line == null) {
            line = lines.size();
            lines.put(id, line);
            out.print("\n");
        }
        int up = lines.size() - line;
        out.print("\033[" + up + "A\r\033[2K" + text + "\033[" + up + "B\r");
    }

    static String bar(Json detail) {
        long current = detail.number("current");
        long total = detail.number("total");
        String done =
                detail.text("units").isEmpty() ? Sizes.decimal((double) current) : current + " " + detail.text("units");
        if (total <= 0) {
            return " ".repeat(Math.max(0, 8 - done.length())) + done;
        }
        int filled = (int) Math.min(BAR, current * BAR / total);
        String arrow = filled == BAR ? "" : ">";
        return "[" + "=".repeat(filled) + arrow + " ".repeat(BAR - filled - arrow.length()) + "] "
                + " ".repeat(Math.max(0, 8 - done.length())) + done + "/" + Sizes.decimal((double) total);
    }
}
