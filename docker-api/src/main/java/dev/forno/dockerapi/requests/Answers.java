package dev.forno.dockerapi.requests;

import dev.forno.dockerapi.models.Json;
import dev.forno.http.server.Response;
import java.io.IOException;
import java.util.List;

/** The common shapes of answers. */
public final class Answers {
    private Answers() {}

    /** A JSON document with status 200. */
    public static <T> void json(Response response, Class<T> type, T value) throws IOException {
        json(response, 200, type, value);
    }

    /** A JSON document. */
    public static <T> void json(Response response, int status, Class<T> type, T value) throws IOException {
        send(response.status(status), Json.write(type, value));
    }

    /** A JSON array with status 200. */
    public static <T> void jsonList(Response response, Class<T> type, List<T> values) throws IOException {
        send(response, Json.writeList(type, values));
    }

    /** No content. */
    public static void nothing(Response response) throws IOException {
        response.status(204).send(new byte[0]);
    }

    private static void send(Response response, byte[] json) throws IOException {
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        response.header("Content-Type", "application/json").send(line);
    }
}
