package dev.forno.network.ports;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/**
 * Where on the host a port is bound.
 *
 * @param texts the addresses as Docker writes them: one, or {@code 0.0.0.0} and {@code ::} for every address
 */
record HostAddress(List<String> texts) {
    private static final String ANY4 = "0.0.0.0";
    private static final String ANY6 = "::";
    private static final boolean IPV6 = ipv6();

    /** Reads a wish: empty for every address; brackets around IPv6 are dropped. Names are refused, not resolved. */
    static HostAddress parse(String text) {
        if (text.isEmpty()) {
            return new HostAddress(IPV6 ? List.of(ANY4, ANY6) : List.of(ANY4));
        }
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        try {
            if (bare.indexOf(':') < 0) { // the JDK would read "1.2.3" as 1.2.0.3
                return new HostAddress(List.of(Ipv4Address.parse(bare).toString()));
            }
            InetAddress address = InetAddress.ofLiteral(bare);
            if (address instanceof Inet4Address) {
                return new HostAddress(List.of(address.getHostAddress()));
            }
            return new HostAddress(List.of(address.isAnyLocalAddress() ? ANY6 : bare));
        } catch (IllegalArgumentException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "publish port: invalid host IP address: " + text, e);
        }
    }

    /** The first address, for error texts. */
    String text() {
        return texts.getFirst();
    }

    /** The family of the one socket that covers all addresses: an IPv6 socket bound to every address covers IPv4, too. */
    ProtocolFamily family() {
        return bindText().indexOf(':') < 0 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** The socket address to bind. */
    InetSocketAddress socketAddress(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(bindText()), port);
    }

    /** Whether a connection that came by IPv4 is meant, where the socket covers both. */
    boolean takes(InetAddress client) {
        boolean four = client instanceof Inet4Address;
        return texts.stream().anyMatch(text -> (text.indexOf(':') < 0) == four);
    }

    /** Whether both bind one address. */
    boolean overlaps(HostAddress other) {
        return texts.stream().anyMatch(a -> other.texts.stream().anyMatch(b -> overlap(a, b)));
    }

    private static boolean overlap(String a, String b) {
        boolean sameFamily = (a.indexOf(':') < 0) == (b.indexOf(':') < 0);
        return sameFamily && (a.equals(b) || isAny(a) || isAny(b));
    }

    private static boolean isAny(String text) {
        return text.equals(ANY4) || text.equals(ANY6);
    }

    private String bindText() {
        return texts.getLast();
    }

    private static boolean ipv6() {
        try (ServerSocketChannel probe = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            return probe.isOpen();
        } catch (UnsupportedOperationException | IOException e) {
            return false;
        }
    }
}
