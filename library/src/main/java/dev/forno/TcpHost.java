package dev.forno;

import dev.forno.http.server.Listener;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A TCP address to listen at, as {@code tcp://127.0.0.1:2375} or {@code tcp://[::1]:2375}. */
final class TcpHost {
    private static final Pattern TEXT = Pattern.compile("tcp://([0-9a-zA-Z.-]+|\\[[0-9a-fA-F:]+\\]):(\\d{1,5})");

    private TcpHost() {}

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
