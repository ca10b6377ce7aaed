package dev.forno.registry.hosts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Network addresses of registries. */
public final class Addresses {
    private static final String DOCKER_HUB_HOST = "registry-1.docker.io";
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(?:\\.[0-9]{1,3}){3}");

    private Addresses() {}

    /** Where a registry's name leads: Docker Hub's differs from its name. */
    public static String hostOf(String registry) {
        return registry.equals(Reference.DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
    }

    /** Whether a literal loopback address or {@code localhost} is meant; other names are never looked up for this. */
    public static boolean isLoopback(URI address) {
        String host = address.getHost();
        return host != null
                && (host.equals("localhost")
                        || host.equals("[::1]")
                        || LOOPBACK_V4.matcher(host).matches());
    }

    /** The registry that a login's server address means: a host, possibly with scheme and path. */
    public static String ofServer(String server) {
        String text = server.replaceFirst("^https?://", "");
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        return switch (host) {
            case "", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com" -> Reference.DOCKER_HUB;
            default -> host;
        };
    }

    /** Whether two addresses have the same scheme, host and port, so that credentials for one may go to the other. */
    public static boolean sameOrigin(URI a, URI b) {
        return String.valueOf(a.getScheme()).equalsIgnoreCase(String.valueOf(b.getScheme()))
                && sameHost(a, b)
                && port(a) == port(b);
    }

    /** Whether two addresses name the same host, whatever the port. */
    public static boolean sameHost(URI a, URI b) {
        return String.valueOf(a.getHost()).equalsIgnoreCase(String.valueOf(b.getHost()));
    }

    /** {@code scheme://host}; throws {@link ErrorKind#INVALID_ARGUMENT} for what is no host. */
    public static URI uri(String scheme, String host) {
        try {
            URI uri = new URI(scheme + "://" + host);
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawPath().isEmpty()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "find registry \"" + host + "\": not a host name", e);
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "find registry \"" + host + "\": not a host name");
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return String.valueOf(uri.getScheme()).equalsIgnoreCase("https") ? 443 : 80;
    }
}
