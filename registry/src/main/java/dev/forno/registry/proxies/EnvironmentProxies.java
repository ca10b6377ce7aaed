package dev.forno.registry.proxies;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.hosts.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proxies as {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} (or lower case) name them, with the rules of Go's
 * {@code httpproxy}, which Docker follows. Thread-safe.
 */
public final class EnvironmentProxies extends ProxySelector implements AutoCloseable {
    private final @Nullable Hop http;
    private final @Nullable Hop https;
    private final Bypass bypass;

    private EnvironmentProxies(@Nullable Hop http, @Nullable Hop https, Bypass bypass) {
        this.http = http;
        this.https = https;
        this.bypass = bypass;
    }

    /** Reads the environment; throws {@link ErrorKind#FAILED_PRECONDITION} for a proxy that can't be used. */
    public static EnvironmentProxies of(Map<String, String> environment) {
        return new EnvironmentProxies(
                hop("HTTP_PROXY", environment),
                hop("HTTPS_PROXY", environment),
                Bypass.parse(value(environment, "NO_PROXY")));
    }

    @Override
    public List<Proxy> select(URI uri) {
        Hop hop = hop(uri);
        return List.of(hop == null ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, hop.address()));
    }

    /** The value of {@code Proxy-Authorization} for requests to {@code uri}. */
    public Optional<String> authorization(URI uri) {
        Hop hop = hop(uri);
        return hop == null || hop.authorization.isEmpty() ? Optional.empty() : Optional.of(hop.authorization);
    }

    /** Whether a proxy of an environment is given with a password. */
    public static boolean hasCredentials(Map<String, String> environment) {
        return value(environment, "HTTP_PROXY").contains("@")
                || value(environment, "HTTPS_PROXY").contains("@");
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The failure reaches the sender of the request.
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
        if (https != null) {
            https.close();
        }
    }

    private @Nullable Hop hop(URI uri) {
        Hop hop = uri.getScheme().equalsIgnoreCase("https") ? https : http;
        return hop == null || Addresses.isLoopback(uri) || bypass.covers(uri) ? null : hop;
    }

    private static String value(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "");
        return (upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper).strip();
    }

    private static @Nullable Hop hop(String name, Map<String, String> environment) {
        String text = value(environment, name);
        if (text.isEmpty()) {
            return null;
        }
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            // The text, which the cause holds, may have a password.
            throw unusable(name, "it is not an address");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null) {
            throw unusable(name, "it names no host");
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw unusable(name, "proxies of the kind " + scheme + " are not supported, only http and https");
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
        String user = uri.getRawUserInfo();
        String authorization = user == null
                ? ""
                : "Basic " + Base64.getEncoder().encodeToString(decoded(user).getBytes(StandardCharsets.UTF_8));
        return new Hop(uri.getHost(), port, authorization, tls, environment);
    }

    /** Name and password, each with its percent signs resolved. */
    private static String decoded(String user) {
        String plain = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        return user.contains(":") ? plain : plain + ":";
    }

    private static FornoException unusable(String name, String reason) {
        return new FornoException(ErrorKind.FAILED_PRECONDITION, "use proxy of " + name + ": " + reason);
    }

    /** One proxy. A proxy that is itself reached by TLS is reached through a relay on loopback, made at its first use. */
    private static final class Hop {
        private final String host;
        private final int port;
        private final String authorization;
        private final boolean tls;
        private final Map<String, String> environment;
        private @Nullable TlsRelay relay;

        Hop(String host, int port, String authorization, boolean tls, Map<String, String> environment) {
            this.host = host;
            this.port = port;
            this.authorization = authorization;
            this.tls = tls;
            this.environment = environment;
        }

        synchronized InetSocketAddress address() {
            if (!tls) {
                return InetSocketAddress.createUnresolved(host, port);
            }
            if (relay == null) {
                relay = TlsRelay.open(host, port, environment);
            }
            return relay.address();
        }

        synchronized void close() {
            if (relay != null) {
                relay.close();
            }
        }
    }
}
