package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.http.client.ClientResponse;
import java.io.IOException;
import java.util.Locale;

/** Exit codes: of containers, and of commands that could not start one. */
final class ExitCodes {
    /** The engine or the command line failed. */
    static final int NOT_RUN = 125;

    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int BODY_LIMIT = 1 << 20;

    private ExitCodes() {}

    /** Waits for the end of a {@code wait} answer, whose head came before. */
    static int read(ClientResponse response) throws IOException {
        byte[] body = response.bytes(BODY_LIMIT);
        if (body.length == 0) {
            throw new IOException("wait: the engine ended the connection");
        }
        Json answer = Json.parse(body);
        String error = answer.text("Error", "Message");
        if (!error.isEmpty()) {
            throw new IOException(error);
        }
        return (int) answer.number("StatusCode");
    }

    /** The code for a container whose command did not start, told by the engine's words. */
    static int ofStartFailure(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("executable file not found") || text.contains("no such file or directory")) {
            return NOT_FOUND;
        }
        if (text.contains("permission denied") || text.contains("is a directory")) {
            return NOT_EXECUTABLE;
        }
        return NOT_RUN;
    }
}
