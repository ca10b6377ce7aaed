package dev.forno.dockerapi.models;

import dev.forno.engine.containers.PortBinding;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host's side of one port; written as {@code null} when there is none. */
public record PortBindingList(@Nullable List<Binding> bindings) {
    /** One host address and port. */
    @Json
    public record Binding(
            @Json.Property("HostIp") @Nullable String hostIp,
            @Json.Property("HostPort") @Nullable String hostPort) {}

    /** The engine's bindings as documents. */
    static Map<String, PortBindingList> of(Map<String, List<PortBinding>> ports) {
        Map<String, PortBindingList> result = new LinkedHashMap<>();
        ports.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(port -> {
            List<Binding> bindings = port.getValue().stream()
                    .map(each -> new Binding(each.hostIp(), each.hostPort()))
                    .toList();
            result.put(port.getKey(), new PortBindingList(bindings.isEmpty() ? null : bindings));
        });
        return result;
    }

    /** Documents as the engine's bindings. */
    static Map<String, List<PortBinding>> toEngine(@Nullable Map<String, @Nullable PortBindingList> ports) {
        Map<String, List<PortBinding>> result = new LinkedHashMap<>();
        if (ports != null) {
            ports.forEach((port, list) -> result.put(port, list == null ? List.of() : list.toEngine()));
        }
        return result;
    }

    private List<PortBinding> toEngine() {
        return bindings == null
                ? List.of()
                : bindings.stream()
                        .map(each -> new PortBinding(Or.empty(each.hostIp()), Or.empty(each.hostPort())))
                        .toList();
    }
}
