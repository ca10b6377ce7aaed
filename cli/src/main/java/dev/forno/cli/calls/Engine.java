package dev.forno.cli.calls;

import dev.forno.cli.documents.Json;
import dev.forno.http.Endpoint;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.HttpClient;
import dev.forno.http.client.RequestBody;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind its API. Answers with an error status become an {@link EngineException}. Paths carry no version: the
 * engine answers with its newest. Thread-safe.
 */
public final class Engine {
    private static final int BODY_LIMIT = 256 << 20;
    private static final int ERROR_LIMIT = 1 << 20;

    private final HttpClient client;
    private final @Nullable Starter starter;

    /** Starts an engine that does not answer. */
    @FunctionalInterface
    public interface Starter {
        /** Starts it and waits until it answers; fails with what a person should read. */
        void start(Engine engine) throws IOException;
    }

    /**
     * An engine at an address; nothing is opened yet.
     *
     * @param starter called when nothing listens there, null to fail then
     */
    public Engine(Endpoint address, @Nullable Starter starter) {
        client = new HttpClient(address);
        this.starter = starter;
    }

    /** Where the engine is. */
    public Endpoint address() {
        return client.server();
    }

    /** Whether something answers there. */
    public boolean answers() {
        try (ClientResponse response = client.send(ClientRequest.get("/_ping"))) {
            return response.status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The document at a path. */
    public Json get(Object target) throws IOException {
        return Json.parse(getRaw(target));
    }

    /** The bytes at a path. */
    public byte[] getRaw(Object target) throws IOException {
        return open(ClientRequest.get(target.toString())).bytes(BODY_LIMIT);
    }

    /** Asks for a change that needs no document. */
    public Json post(Object target) throws IOException {
        return document(ClientRequest.post(target.toString()));
    }

    /** Asks for a change described by a document. */
    public Json post(Object target, @Nullable Object body) throws IOException {
        return document(ClientRequest.postJson(target.toString(), Json.of(body).bytes()));
    }

    /** Sends bytes, as a tar archive, with PUT. */
    public void put(Object target, String contentType, RequestBody body) throws IOException {
        document(new ClientRequest("PUT", target.toString(), Map.of("Content-Type", contentType), body));
    }

    /** Removes an object. */
    public Json delete(Object target) throws IOException {
        return document(ClientRequest.delete(target.toString()));
    }

    private Json document(ClientRequest request) throws IOException {
        byte[] bytes = open(request).bytes(BODY_LIMIT);
        return bytes.length == 0 ? Json.of(null) : Json.parse(bytes);
    }

    /** Sends a request and gives the answer with its body still to be read. */
    public ClientResponse open(ClientRequest request) throws IOException {
        return checked(connected(() -> client.send(request)));
    }

    /** Sends a request that turns the connection into a raw stream. */
    public ClientResponse upgrade(ClientRequest request) throws IOException {
        return checked(connected(() -> client.upgrade(request)));
    }

    private interface Exchange {
        ClientResponse run() throws IOException;
    }

    private ClientResponse connected(Exchange exchange) throws IOException {
        try {
            return exchange.run();
        } catch (ConnectException e) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                throw new ConnectException(
                        "permission denied while trying to connect to the Forno engine at " + client.server());
            }
            if (starter == null) {
                throw new ConnectException(
                        "Cannot connect to the Forno engine at " + client.server() + ". Is it running?");
            }
        }
        starter.start(this);
        return exchange.run();
    }

    private static ClientResponse checked(ClientResponse response) throws IOException {
        if (response.status() < 400) {
            return response;
        }
        byte[] body = response.bytes(ERROR_LIMIT);
        throw new EngineException(response.status(), message(response.status(), body));
    }

    private static String message(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            String message = Json.parse(body).text("message");
            if (!message.isEmpty()) {
                return message;
            }
        }
        return text.isEmpty() ? "the engine answered with status " + status : text;
    }

    /** Filters in the API's form: {@code {"name": {"value": true}}}; null when there are none. */
    public static @Nullable String filters(List<String> given) {
        if (given.isEmpty()) {
            return null;
        }
        Map<String, Set<String>> values = new TreeMap<>();
        for (String filter : given) {
            int equals = filter.indexOf('=');
            values.computeIfAbsent(
                            filter.substring(0, equals).strip().toLowerCase(java.util.Locale.ROOT),
                            name -> new TreeSet<>())
                    .add(filter.substring(equals + 1).strip());
        }
        Map<String, Map<String, Boolean>> document = new TreeMap<>();
        values.forEach((name, texts) -> {
            Map<String, Boolean> members = new TreeMap<>();
            texts.forEach(text -> members.put(text, true));
            document.put(name, members);
        });
        return Json.of(document).toString();
    }
}
