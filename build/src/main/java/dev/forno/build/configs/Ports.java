package dev.forno.build.configs;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Ports of EXPOSE. */
final class Ports {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

    private Ports() {}

    /** {@code [[ip:]host:]port[-port][/protocol]} as {@code port/protocol} each; host parts have no meaning in an image. */
    static List<String> parse(String spec) {
        String text = spec.substring(spec.lastIndexOf(':') + 1);
        int slash = text.indexOf('/');
        String range = slash < 0 ? text : text.substring(0, slash);
        String protocol = slash < 0 || slash == text.length() - 1
                ? "tcp"
                : text.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (range.isEmpty()) {
            throw invalid("no port specified: " + spec + "<empty>");
        }
        if (!PROTOCOLS.contains(protocol)) {
            throw invalid("invalid proto: " + protocol);
        }
        int dash = range.indexOf('-');
        int first = port(dash < 0 ? range : range.substring(0, dash), range);
        int last = dash < 0 ? first : port(range.substring(dash + 1), range);
        if (last < first) {
            throw invalid("invalid containerPort: " + range);
        }
        List<String> ports = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            ports.add(port + "/" + protocol);
        }
        return ports;
    }

    private static int port(String text, String range) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            throw invalid("invalid containerPort: " + range);
        }
        return Integer.parseInt(text);
    }

    private static FornoException invalid(String message) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
