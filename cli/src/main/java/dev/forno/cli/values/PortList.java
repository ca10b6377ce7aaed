package dev.forno.cli.values;

import dev.forno.cli.documents.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A container's ports as its list shows them: runs of ports joined, mappings after them. */
public final class PortList {
    private PortList() {}

    private record Port(String ip, long inside, long outside, String protocol) {}

    private record Run(long first, long last) {}

    /** The ports of a container in the API's list, as {@code 0.0.0.0:8080->80/tcp, 443/tcp}. */
    public static String format(Json ports) {
        List<Port> sorted = new ArrayList<>();
        for (Json port : ports.elements()) {
            sorted.add(new Port(
                    port.text("IP"), port.number("PrivatePort"), port.number("PublicPort"), port.text("Type")));
        }
        sorted.sort(Comparator.comparingLong(Port::inside)
                .thenComparing(Port::ip)
                .thenComparingLong(Port::outside)
                .thenComparing(Port::protocol));
        List<String> texts = new ArrayList<>();
        List<String> mappings = new ArrayList<>();
        Map<String, Run> runs = new LinkedHashMap<>();
        for (Port port : sorted) {
            if (!port.ip.isEmpty() && port.outside != port.inside) {
                mappings.add(host(port.ip) + port.outside + "->" + port.inside + "/" + port.protocol);
                continue;
            }
            String key = port.ip + "/" + port.protocol;
            Run run = runs.get(key);
            if (run != null && port.inside == run.last + 1) {
                runs.put(key, new Run(run.first, port.inside));
                continue;
            }
            if (run != null) {
                texts.add(text(key, run));
            }
            runs.put(key, new Run(port.inside, port.inside));
        }
        runs.forEach((key, run) -> texts.add(text(key, run)));
        texts.addAll(mappings);
        return String.join(", ", texts);
    }

    private static String text(String key, Run run) {
        int slash = key.lastIndexOf('/');
        String ip = key.substring(0, slash);
        String range = run.first == run.last ? "" + run.first : run.first + "-" + run.last;
        return (ip.isEmpty() ? range : host(ip) + range + "->" + range) + key.substring(slash);
    }

    private static String host(String ip) {
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":";
    }
}
