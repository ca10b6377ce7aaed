package dev.forno.engine.containers;

import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Protocol;
import dev.forno.network.endpoints.PublishedPort;
import dev.forno.oci.ErrorKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates ports between Docker's texts and the network's values. */
final class Ports {
    private static final Pattern PORT = Pattern.compile("(\\d{1,5})(?:/(\\w+))?");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    private Ports() {}

    /** A container's port. */
    record ContainerPort(int number, Protocol protocol) {}

    /** Reads {@code 80/tcp}; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    static ContainerPort parse(String text) {
        Matcher m = PORT.matcher(text);
        if (!m.matches() || number(m.group(1)) < 1) {
            throw OptionChecks.invalid("invalid port specification: \"" + text + "\"");
        }
        return new ContainerPort(number(m.group(1)), m.group(2) == null ? Protocol.TCP : Protocol.parse(m.group(2)));
    }

    /** What has to be published: the bindings asked for, and all exposed ports when that was asked. */
    static List<PublishedPort> wishes(HostOptions.NetworkOptions network, Collection<String> exposed) {
        List<PublishedPort> wishes = new ArrayList<>();
        Set<ContainerPort> bound = new LinkedHashSet<>();
        new TreeMap<>(network.portBindings()).forEach((key, bindings) -> {
            ContainerPort port = parse(key);
            bound.add(port);
            List<PortBinding> all = bindings.isEmpty() ? List.of(new PortBinding("", "")) : bindings;
            all.forEach(binding -> wishes.add(wish(port, binding)));
        });
        if (network.publishAll()) {
            for (String text : exposed) {
                ContainerPort port = parse(text);
                if (bound.add(port)) {
                    wishes.add(PublishedPort.of("", 0, port.number(), port.protocol()));
                }
            }
        }
        return wishes;
    }

    /** The settings that a running container shows: every exposed port, with bindings where there are some. */
    static Map<String, List<PortBinding>> shown(Collection<BoundPort> bound, Collection<String> exposed) {
        Map<String, List<PortBinding>> shown = new TreeMap<>();
        exposed.forEach(port -> shown.put(ConfigMerge.withProtocol(port), List.of()));
        for (BoundPort port : bound) {
            String key = port.containerPort() + "/" + port.protocol().text();
            List<PortBinding> bindings = new ArrayList<>(shown.getOrDefault(key, List.of()));
            bindings.add(new PortBinding(port.hostIp(), Integer.toString(port.hostPort())));
            shown.put(key, List.copyOf(bindings));
        }
        return shown;
    }

    /** The bound ports behind {@link #shown} settings. */
    static List<BoundPort> bound(Map<String, List<PortBinding>> shown) {
        List<BoundPort> ports = new ArrayList<>();
        shown.forEach((key, bindings) -> {
            ContainerPort port = parse(key);
            bindings.forEach(b -> ports.add(
                    new BoundPort(b.hostIp(), Integer.parseInt(b.hostPort()), port.number(), port.protocol())));
        });
        return ports;
    }

    private static PublishedPort wish(ContainerPort port, PortBinding binding) {
        String text = binding.hostPort();
        if (text.isEmpty() || text.equals("0")) {
            return PublishedPort.of(binding.hostIp(), 0, port.number(), port.protocol());
        }
        Matcher m = RANGE.matcher(text);
        if (!m.matches()) {
            throw OptionChecks.invalid("invalid port specification: \"" + text + "\"");
        }
        int first = number(m.group(1));
        int last = m.group(2) == null ? first : number(m.group(2));
        return new PublishedPort(binding.hostIp(), first, last, port.number(), port.protocol());
    }

    private static int number(String digits) {
        int number = Integer.parseInt(digits);
        if (number > 65535) {
            throw OptionChecks.invalid("invalid port specification: \"" + digits + "\"");
        }
        return number;
    }
}
