package dev.forno.engine.containers;

import dev.forno.network.endpoints.Protocol;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A port or range of ports to look for: {@code 80}, {@code 8000-8080/udp}. */
record PortFilter(int first, int last, Protocol protocol) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(\\w+))?");

    static PortFilter parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw OptionChecks.invalid("invalid port specification: \"" + text + "\"");
        }
        int first = Integer.parseInt(m.group(1));
        return new PortFilter(
                first,
                m.group(2) == null ? first : Integer.parseInt(m.group(2)),
                m.group(3) == null ? Protocol.TCP : Protocol.parse(m.group(3)));
    }

    boolean exposed(Container c) {
        return c.config().exposedPorts().stream().map(Ports::parse).anyMatch(this::accepts)
                || c.host().network().portBindings().keySet().stream()
                        .map(Ports::parse)
                        .anyMatch(this::accepts);
    }

    boolean published(Container c) {
        return c.host().network().portBindings().keySet().stream()
                        .map(Ports::parse)
                        .anyMatch(this::accepts)
                || Ports.bound(c.network().ports()).stream()
                        .anyMatch(b -> accepts(new Ports.ContainerPort(b.containerPort(), b.protocol())));
    }

    private boolean accepts(Ports.ContainerPort port) {
        return port.protocol() == protocol && port.number() >= first && port.number() <= last;
    }
}
