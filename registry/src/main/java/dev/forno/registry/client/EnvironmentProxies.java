package dev.forno.registry.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proxies as {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} (or lower case) name them. Immutable. */
final class EnvironmentProxies extends ProxySelector {
    private final @Nullable Proxy http;
    private final @Nullable Proxy https;
    private final List<String> direct;

    private EnvironmentProxies(@Nullable Proxy http, @Nullable Proxy https, List<String> direct) {
        this.http = http;
        this.https = https;
        this.direct = direct;
    }

    static EnvironmentProxies of(Map<String, String> environment) {
        List<String> direct = List.of(value(environment, "no_proxy").split("[, ]+"));
        return new EnvironmentProxies(
                proxy(value(environment, "http_proxy")), proxy(value(environment, "https_proxy")), direct);
    }

    @Override
    public List<Proxy> select(URI uri) {
        Proxy proxy = uri.getScheme().equalsIgnoreCase("https") ? https : http;
        return List.of(proxy == null || RegistryAddress.isLoopback(uri) || isDirect(uri) ? Proxy.NO_PROXY : proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The failure reaches the sender of the request.
    }

    private boolean isDirect(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        String withPort = host + ":" + uri.getPort();
        for (String entry : direct) {
            String suffix = entry.toLowerCase(Locale.ROOT);
            if (suffix.equals("*") || suffix.equals(host) || suffix.equals(withPort)) {
                return true;
            }
            String domain = suffix.startsWith("*") ? suffix.substring(1) : suffix;
            if (!domain.isEmpty() && host.endsWith(domain.startsWith(".") ? domain : "." + domain)) {
                return true;
            }
        }
        return false;
    }

    private static String value(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
        return upper.isEmpty() ? environment.getOrDefault(name, "") : upper;
    }

    private static @Nullable Proxy proxy(String text) {
        if (text.isBlank()) {
            return null;
        }
        URI uri = URI.create(text.contains("://") ? text.strip() : "http://" + text.strip());
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return uri.getHost() == null
                ? null
                : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
    }
}
