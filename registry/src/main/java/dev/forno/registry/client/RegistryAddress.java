package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Where a registry's name leads: the base addresses to try, in order. */
final class RegistryAddress {
    private static final String DOCKER_HUB_HOST = "registry-1.docker.io";
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(?:\\.[0-9]{1,3}){3}");

    private RegistryAddress() {}

    /** The addresses of {@code registry}: plain HTTP only for loopback and for those named as insecure. */
    static List<URI> candidates(String registry, Set<String> insecure) {
        String host = registry.equals(Reference.DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
        URI plain = uri("http", host);
        URI tls = uri("https", host);
        if (isLoopback(plain)) {
            return List.of(plain, tls);
        }
        return insecure.contains(registry) ? List.of(tls, plain) : List.of(tls);
    }

    /** Whether a literal loopback address or {@code localhost} is meant; other names are never looked up for this. */
    static boolean isLoopback(URI address) {
        String host = address.getHost();
        return host != null
                && (host.equals("localhost")
                        || host.equals("[::1]")
                        || LOOPBACK_V4.matcher(host).matches());
    }

    /** The registry that a login's server address means: a host, possibly with scheme and path. */
    static String ofServer(String server) {
        String text = server.replaceFirst("^https?://", "");
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        return switch (host) {
            case "", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com" -> Reference.DOCKER_HUB;
            default -> host;
        };
    }

    /** Whether two addresses have the same scheme, host and port, so that credentials for one may go to the other. */
    static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && String.valueOf(a.getHost()).equalsIgnoreCase(String.valueOf(b.getHost()))
                && port(a) == port(b);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    private static URI uri(String scheme, String host) {
        try {
            URI uri = new URI(scheme + "://" + host);
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "find registry \"" + host + "\": not a host name", e);
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "find registry \"" + host + "\": not a host name");
    }
}
