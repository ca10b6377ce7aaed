package dev.forno.engine.networks;

import dev.forno.engine.Filters;
import dev.forno.engine.Moments;
import dev.forno.engine.Trial;
import dev.forno.engine.networks.Network.Subnet;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The predefined networks: the engine's bridge, the host's namespace, and none. */
public final class BuiltInNetworks implements Networks {
    private static final Set<String> FILTERS = Set.of("driver", "id", "label", "name", "scope", "type", "dangling");
    private static final Set<String> PRUNE_FILTERS = Set.of("until", "label", "label!");

    private final String engineId;
    private final Instant created;
    private final dev.forno.network.endpoints.Networks bridges;
    private final Function<String, Map<String, Network.Member>> members;

    /**
     * Makes the service.
     *
     * @param engineId makes the networks' ids this engine's own
     * @param created when the engine's state was made
     * @param members the endpoints in a network by container id, by the network's name
     */
    public BuiltInNetworks(
            String engineId,
            Instant created,
            dev.forno.network.endpoints.Networks bridges,
            Function<String, Map<String, Network.Member>> members) {
        this.engineId = engineId;
        this.created = created;
        this.bridges = bridges;
        this.members = members;
    }

    /** The id of the network of that name: always the same in one engine's state. */
    public static String id(String engineId, String name) {
        return Digest.of(("forno network " + engineId + " " + name).getBytes(StandardCharsets.UTF_8))
                .hex();
    }

    @Override
    public List<Network> list(Filters filters) {
        filters.requireKnown(FILTERS);
        return all().stream().filter(n -> passes(n, filters)).toList();
    }

    private static boolean passes(Network n, Filters filters) {
        return filters.accepts("driver", n.driver())
                && filters.accepts("scope", "local")
                && filters.accepts("type", "builtin")
                && (!filters.has("id") || filters.get("id").stream().anyMatch(n.id()::startsWith))
                && (!filters.has("name") || filters.get("name").stream().anyMatch(n.name()::contains))
                && filters.acceptsLabels(n.labels())
                && !filters.flag("dangling", false);
    }

    private List<Network> all() {
        List<Network> all = new ArrayList<>();
        for (dev.forno.network.endpoints.Network bridge : bridges.networks()) {
            all.add(new Network(
                    id(engineId, bridge.name()),
                    bridge.name(),
                    created,
                    "bridge",
                    bridge.internal(),
                    List.of(new Subnet(bridge.subnet(), bridge.gateway())),
                    Map.of(
                            "com.docker.network.bridge.name", bridge.bridge(),
                            "com.docker.network.driver.mtu", Integer.toString(bridge.mtu())),
                    Map.of(),
                    Map.of()));
        }
        all.add(plain("host", "host"));
        all.add(plain("none", "null"));
        return all;
    }

    private Network plain(String name, String driver) {
        return new Network(id(engineId, name), name, created, driver, false, List.of(), Map.of(), Map.of(), Map.of());
    }

    @Override
    public Network get(String ref) {
        Network n = find(ref);
        return new Network(
                n.id(),
                n.name(),
                n.created(),
                n.driver(),
                n.internal(),
                n.subnets(),
                n.options(),
                n.labels(),
                members.apply(n.name()));
    }

    private Network find(String ref) {
        List<Network> all = all();
        return all.stream()
                .filter(n -> n.name().equals(ref) || n.id().equals(ref))
                .findFirst()
                .orElseGet(() -> byPrefix(all, ref));
    }

    private static Network byPrefix(List<Network> all, String ref) {
        List<Network> matching = all.stream()
                .filter(n -> !ref.isEmpty() && n.id().startsWith(ref))
                .toList();
        if (matching.size() > 1) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "network " + ref + " is ambiguous (" + matching.size() + " matches found)");
        }
        if (matching.isEmpty()) {
            throw new FornoException(ErrorKind.NOT_FOUND, "network " + ref + " not found");
        }
        return matching.getFirst();
    }

    @Override
    public Network create(String name, String driver) {
        throw later("create network " + name + ": user-defined networks are");
    }

    @Override
    public void remove(String ref) {
        throw new FornoException(
                ErrorKind.PERMISSION_DENIED, find(ref).name() + " is a pre-defined network and cannot be removed");
    }

    @Override
    public void connect(String ref, String container) {
        throw later(
                "connect container " + container + " to network " + find(ref).name() + ": connecting is");
    }

    @Override
    public void disconnect(String ref, String container, boolean force) {
        throw later("disconnect container " + container + " from network "
                + find(ref).name() + ": disconnecting is");
    }

    @Override
    public List<String> prune(Filters filters) {
        return unused(filters);
    }

    @Override
    public List<String> tryPrune(Filters filters, Trial trial) {
        return unused(filters);
    }

    /** Networks that are always there are never unused. */
    private List<String> unused(Filters filters) {
        filters.requireKnown(PRUNE_FILTERS);
        Moments.until(filters, created); // refuses what is malformed
        return List.of();
    }

    private static FornoException later(String what) {
        return new FornoException(ErrorKind.NOT_IMPLEMENTED, what + " not supported by Forno yet");
    }
}
