package dev.forno.cli.values;

import java.util.ArrayList;
import java.util.List;

/**
 * A port of {@code -p} or {@code --expose} after ranges were taken apart.
 *
 * @param key the container's port with its protocol, {@code 80/tcp}
 * @param hostIp the host's address, empty for all
 * @param hostPort the host's port, a range to choose from, or empty for any
 */
public record PortSpec(String key, String hostIp, String hostPort) {
    private static final int LARGEST = 65535;

    private record Range(int first, int last) {
        int size() {
            return last - first + 1;
        }
    }

    /**
     * Reads {@code [[ip:][hostPort[-last]]:]port[-last][/protocol]}.
     *
     * @throws IllegalArgumentException in the Docker command line's words
     */
    public static List<PortSpec> parse(String text) {
        int slash = text.indexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
        String rest = slash < 0 ? text : text.substring(0, slash);
        if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
            throw new IllegalArgumentException("invalid proto: " + protocol);
        }
        int colon = rest.lastIndexOf(':');
        String inside = rest.substring(colon + 1);
        String outside = colon < 0 ? "" : rest.substring(0, colon);
        int hostColon = outside.lastIndexOf(':');
        String ip = hostColon < 0 ? "" : outside.substring(0, hostColon);
        String hostPort = outside.substring(hostColon + 1);
        if (ip.startsWith("[") && ip.endsWith("]")) {
            ip = ip.substring(1, ip.length() - 1);
        }
        if (!ip.isEmpty() && !ip.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.%a-z]*")) {
            throw new IllegalArgumentException("invalid IP address: " + ip);
        }
        if (inside.isEmpty()) {
            throw new IllegalArgumentException("no port specified: " + text + "<empty>");
        }
        Range container = range(inside, "invalid containerPort: ");
        if (hostPort.isEmpty()) {
            return spread(container, protocol, ip, null, "");
        }
        Range host = range(hostPort, "invalid hostPort: ");
        if (container.size() == host.size()) {
            return spread(container, protocol, ip, host, "");
        }
        if (container.size() > 1) {
            throw new IllegalArgumentException(
                    "invalid ranges specified for container and host Ports: " + inside + " and " + hostPort);
        }
        return spread(container, protocol, ip, null, hostPort);
    }

    private static List<PortSpec> spread(
            Range container, String protocol, String ip, @org.jspecify.annotations.Nullable Range host, String fixed) {
        List<PortSpec> specs = new ArrayList<>();
        for (int i = 0; i < container.size(); i++) {
            String hostPort = host == null ? fixed : "" + (host.first + i);
            specs.add(new PortSpec((container.first + i) + "/" + protocol, ip, hostPort));
        }
        return specs;
    }

    private static Range range(String text, String complaint) {
        if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            throw new IllegalArgumentException(complaint + text);
        }
        int dash = text.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
        if (last < first || last > LARGEST) {
            throw new IllegalArgumentException(complaint + text);
        }
        return new Range(first, last);
    }
}
