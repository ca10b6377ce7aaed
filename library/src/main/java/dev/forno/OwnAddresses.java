package dev.forno;

import dev.forno.http.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The addresses under which a client of this process reaches a listener of this process and nobody else's: another user may
 * listen at the same port of another local address. Of names only {@code localhost} counts, as others may be answered
 * differently later.
 */
final class OwnAddresses {
    private static final List<String> LOOPBACKS = List.of("localhost", "127.0.0.1", "::1");

    private OwnAddresses() {}

    /** As references spell them, {@code host:port}; none when the listener's own name can't be resolved. */
    static Set<String> of(Endpoint.Tcp listener) {
        Set<String> names = new LinkedHashSet<>();
        try {
            InetAddress bound = InetAddress.getByName(listener.host());
            if (isLiteral(listener.host())) {
                names.add(spelled(listener.host(), listener.port()));
            }
            names.add(spelled(bound.getHostAddress(), listener.port()));
            for (String name : LOOPBACKS) {
                if (leadsTo(name, bound)) {
                    names.add(spelled(name, listener.port()));
                }
            }
        } catch (UnknownHostException e) {
            return Set.of(); // it isn't listened at then
        }
        return names;
    }

    private static boolean leadsTo(String name, InetAddress bound) {
        try {
            InetAddress reached = InetAddress.getByName(name); // the one that is connected to
            return bound.isAnyLocalAddress()
                    ? reached.isLoopbackAddress()
                            && (bound instanceof Inet6Address || !(reached instanceof Inet6Address))
                    : reached.equals(bound);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String spelled(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
