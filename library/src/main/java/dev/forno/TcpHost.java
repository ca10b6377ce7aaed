package dev.forno;

import dev.forno.http.server.Listener;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A TCP address to listen at, as {@code tcp://127.0.0.1:2375} or {@code tcp://[::1]:2375}. */
final class TcpHost {
    private static final Pattern TEXT = Pattern.compile("tcp://([0-9a-zA-Z.-]+|\\[[0-9a-fA-F:]+\\]):(\\d{1,5})");

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    private TcpHost() {}

    /** What to tell an administrator who lets others in without asking who they are; empty when nobody else gets there. */
    static Optional<String> warning(Listener.Tcp listener) {
        String host = listener.host();
        boolean own = host.equals("localhost")
                || host.equals("::1")
                || LOOPBACK.matcher(host).matches();
        return own
                ? Optional.empty()
                : Optional.of("listening at tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                        + listener.port() + " without TLS: whoever reaches it is root on this machine; listen at"
                        + " 127.0.0.1, or use ssh:// or a proxy that asks for certificates");
    }

    static Listener.Tcp parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches() || Integer.parseInt(m.group(2)) > 65535) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "read configuration: host = " + text + ": expected tcp://address:port");
        }
        String host = m.group(1);
        return new Listener.Tcp(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host, Integer.parseInt(m.group(2)));
    }
}
