package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.certificates.TlsContexts;
import dev.forno.registry.certificates.Trust;
import dev.forno.registry.hosts.Addresses;
import dev.forno.registry.hosts.Hosts;
import dev.forno.registry.proxies.EnvironmentProxies;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Single exchanges over HTTP, redirects followed, without retries and authentication. Thread-safe. */
final class Wire implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_CLIENTS = 32;
    private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private final RegistryOptions options;
    private final Hosts hosts;
    private final Map<Trust, HttpClient> clients = new HashMap<>();
    private @Nullable ExecutorService executor;
    private @Nullable EnvironmentProxies proxies;

    Wire(RegistryOptions options, Hosts hosts) {
        this.options = options;
        this.hosts = hosts;
        if (EnvironmentProxies.hasCredentials(options.environment()) && System.getProperty(TUNNEL_SCHEMES) == null) {
            // The JDK shows no password to a proxy on the way to TLS servers unless told so before its client is
            // loaded.
            System.setProperty(TUNNEL_SCHEMES, "");
        }
    }

    /** Sends a request and gives the answer, whatever its status; an interrupt throws {@link ErrorKind#CANCELLED}. */
    Reply send(Outgoing request) throws IOException {
        Outgoing current = request;
        for (int hop = 0; ; hop++) {
            Reply reply =
                    new Reply(current, exchange(current), options.patience().stallTimeout());
            if (!isRedirect(reply)) {
                return reply;
            }
            reply.close();
            URI target = reply.location().orElseThrow(() -> new IOException("redirected without a Location"));
            if (hop == MAX_REDIRECTS) {
                throw refused(request, "more than " + MAX_REDIRECTS + " redirects");
            }
            checkTarget(current, target);
            current = current.redirectedTo(target, trust(current, target));
        }
    }

    /** Whom to trust at {@code target}, to which {@code from} led: client certificates are shown to their own host only. */
    Trust trust(Outgoing from, URI target) {
        return Addresses.sameHost(from.uri(), target)
                ? from.trust()
                : hosts.elsewhere(target).orElseGet(() -> from.trust().withoutKeys());
    }

    private static void checkTarget(Outgoing current, URI target) {
        String scheme = String.valueOf(target.getScheme());
        boolean tls = scheme.equalsIgnoreCase("https");
        if (!tls && !scheme.equalsIgnoreCase("http")) {
            throw refused(current, "redirected to the unknown scheme " + scheme);
        }
        if (current.holdsSecret() && !Addresses.sameOrigin(current.uri(), target)) {
            throw refused(current, "redirected with credentials to " + target.getAuthority());
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
        Body body = request.body();
        try {
            HttpClient client = client(request.trust());
            HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                    .header("User-Agent", options.userAgent())
                    .method(request.method(), body == null ? HttpRequest.BodyPublishers.noBody() : body.publisher());
            request.headers().forEach(builder::header);
            proxies().authorization(request.uri()).ifPresent(value -> builder.header("Proxy-Authorization", value));
            if (body == null) {
                builder.timeout(options.patience().answerTimeout());
                return client.send(builder.build(), BodyHandlers.ofInputStream());
            }
            return new Sending(body, options.patience())
                    .await(client.sendAsync(builder.build(), BodyHandlers.ofInputStream()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, request.quoted() + ": cancelled", e);
        } catch (IllegalArgumentException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, request.quoted() + ": " + e.getMessage(), e);
        }
    }

    private synchronized EnvironmentProxies proxies() {
        if (proxies == null) {
            proxies = EnvironmentProxies.of(options.environment());
        }
        return proxies;
    }

    private synchronized HttpClient client(Trust trust) {
        HttpClient known = clients.get(trust);
        if (known != null) {
            return known;
        }
        if (executor == null) {
            executor = Executors.newVirtualThreadPerTaskExecutor();
        }
        if (clients.size() >= MAX_CLIENTS) {
            clients.values().forEach(HttpClient::shutdown);
            clients.clear();
        }
        // HTTP/1.1: one connection per blob is faster than streams sharing one window.
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.patience().connectTimeout())
                .proxy(proxies())
                .executor(executor);
        builder.sslContext(TlsContexts.of(trust, options.environment()));
        HttpClient made = builder.build();
        clients.put(trust, made);
        return made;
    }

    private static FornoException refused(Outgoing request, String reason) {
        return new FornoException(ErrorKind.UNAVAILABLE, request.quoted() + ": " + reason);
    }

    /** Stops all exchanges. */
    @Override
    public synchronized void close() {
        clients.values().forEach(HttpClient::shutdownNow);
        clients.clear();
        if (proxies != null) {
            proxies.close();
        }
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
