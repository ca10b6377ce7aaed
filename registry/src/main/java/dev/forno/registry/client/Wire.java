package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Single exchanges over HTTP, redirects followed, without retries and authentication. Thread-safe. */
final class Wire implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;

    private final RegistryOptions options;
    private @Nullable ExecutorService executor;
    private @Nullable HttpClient client;

    Wire(RegistryOptions options) {
        this.options = options;
    }

    /** Sends a request and gives the answer, whatever its status; an interrupt throws {@link ErrorKind#CANCELLED}. */
    Reply send(Outgoing request) throws IOException {
        Outgoing current = request;
        for (int hop = 0; ; hop++) {
            Reply reply = new Reply(current, exchange(current));
            if (!isRedirect(reply)) {
                return reply;
            }
            reply.close();
            URI target = reply.location().orElseThrow(() -> new IOException("redirected without a Location"));
            if (hop == MAX_REDIRECTS) {
                throw refused(request, "more than " + MAX_REDIRECTS + " redirects");
            }
            checkTarget(current, target);
            current = current.redirectedTo(target);
        }
    }

    private static void checkTarget(Outgoing current, URI target) {
        String scheme = String.valueOf(target.getScheme());
        boolean tls = scheme.equalsIgnoreCase("https");
        if (!tls && !scheme.equalsIgnoreCase("http")) {
            throw refused(current, "redirected to the unknown scheme " + scheme);
        }
        if (!tls && current.uri().getScheme().equalsIgnoreCase("https")) {
            throw refused(current, "redirected from TLS to plain HTTP at " + target.getHost());
        }
    }

    /** Redirects that keep the method are followed for all requests, the others only for requests without effect. */
    private static boolean isRedirect(Reply reply) {
        return switch (reply.status()) {
            case 307, 308 -> true;
            case 301, 302, 303 -> reply.request().readsOnly();
            default -> false;
        };
    }

    private HttpResponse<InputStream> exchange(Outgoing request) throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .header("User-Agent", options.userAgent())
                .method(request.method(), request.body() == null ? BodyPublishers.noBody() : request.body());
        if (request.body() == null) {
            // Sending a body takes as long as it takes; only requests without one have a time limit.
            builder.timeout(options.answerTimeout());
        }
        request.headers().forEach(builder::header);
        try {
            return client().send(builder.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, request.quoted() + ": cancelled", e);
        } catch (IllegalArgumentException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, request.quoted() + ": " + e.getMessage(), e);
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            executor = Executors.newVirtualThreadPerTaskExecutor();
            // HTTP/1.1: one connection per blob is faster than streams sharing one window.
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(options.connectTimeout())
                    .proxy(EnvironmentProxies.of(System.getenv()))
                    .executor(executor)
                    .build();
        }
        return client;
    }

    private static FornoException refused(Outgoing request, String reason) {
        return new FornoException(ErrorKind.UNAVAILABLE, request.quoted() + ": " + reason);
    }

    /** Stops all exchanges. */
    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
