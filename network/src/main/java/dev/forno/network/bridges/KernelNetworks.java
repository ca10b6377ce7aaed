package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.linux.netlink.RouteSocket;
import dev.forno.linux.nftables.NetfilterSocket;
import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.endpoints.Networks;
import dev.forno.network.endpoints.Recovery;
import dev.forno.network.ports.HostPorts;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Networks of the kernel's own bridges, virtual Ethernet pairs and packet filter. */
public final class KernelNetworks implements Networks {
    private static final Logger LOG = System.getLogger(KernelNetworks.class.getName());
    private static final int ID_BYTES = 32;

    private final NetworkingConfig config;
    private final RouteSocket route;
    private final Firewall firewall;
    private final BridgeDevices devices;
    private final Reaper reaper;
    private final Sandboxes sandboxes;
    private final HostPorts ports;
    private final HostFirewall hostFirewall;
    private final ReentrantLock changingNetworks = new ReentrantLock();
    private final Map<String, Bridge> bridges = new LinkedHashMap<>();
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private boolean recovered;

    private KernelNetworks(NetworkingConfig config, RouteSocket route, NetfilterSocket netfilter) {
        this.config = config;
        this.route = route;
        this.firewall = new Firewall(config.table(), netfilter);
        this.hostFirewall = new HostFirewall(config.table(), netfilter);
        this.devices = new BridgeDevices(route, config.table(), config.random());
        this.reaper = new Reaper(route);
        this.sandboxes = new Sandboxes(config.namespaces(), route, reaper);
        this.ports = new HostPorts(config.containerNames());
    }

    /** A container's place: taken at once, so that nobody else attaches the container meanwhile. */
    private static final class Place {
        private final String network;
        private final ReentrantLock changing = new ReentrantLock();
        private @Nullable Endpoint endpoint;

        Place(String network) {
            this.network = network;
        }
    }

    /** Opens the kernel's sockets. Nothing on the machine changes before the first network is ensured. */
    public static KernelNetworks open(NetworkingConfig config) {
        try {
            RouteSocket route = RouteSocket.open();
            try {
                return new KernelNetworks(config, route, NetfilterSocket.open());
            } catch (ErrnoException e) {
                route.close();
                throw e;
            }
        } catch (ErrnoException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, "open networks: " + e.getMessage(), e);
        }
    }

    @Override
    public Network ensure(NetworkSpec spec) {
        changingNetworks.lock();
        try {
            Bridge bridge = ensureDevice(spec);
            firewall.add(bridge.elements());
            return bridge.network();
        } catch (IOException e) {
            throw failed("create network " + spec.name(), e);
        } finally {
            changingNetworks.unlock();
        }
    }

    @Override
    public void remove(String network) {
        changingNetworks.lock();
        try {
            Bridge bridge = bridges.get(network);
            if (bridge == null) {
                return;
            }
            if (places.values().stream().anyMatch(place -> place.network.equals(network))) {
                throw new FornoException(
                        ErrorKind.CONFLICT, "remove network " + network + ": network has active endpoints");
            }
            bridges.remove(network);
            devices.remove(bridge.network());
            firewall.remove(bridge.elements());
            firewall.removeIfEmpty();
        } catch (IOException e) {
            throw failed("remove network " + network, e);
        } finally {
            changingNetworks.unlock();
        }
    }

    @Override
    public List<Network> networks() {
        changingNetworks.lock();
        try {
            return bridges.values().stream().map(Bridge::network).toList();
        } finally {
            changingNetworks.unlock();
        }
    }

    @Override
    public Endpoint attach(EndpointSpec spec) {
        if (!spec.containerId().matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "connect container: invalid id \"" + spec.containerId() + "\"");
        }
        Place place = new Place(spec.network());
        place.changing.lock();
        try (Undo undo = new Undo()) {
            Bridge bridge = occupy(spec, place);
            undo.add(() -> places.remove(spec.containerId(), place));
            Endpoint endpoint = connect(spec, bridge, undo);
            place.endpoint = endpoint;
            undo.keep();
            return endpoint;
        } catch (IOException e) {
            throw failed("connect " + spec.containerName() + " to network " + spec.network(), e);
        } finally {
            place.changing.unlock();
        }
    }

    @Override
    public void detach(String containerId) {
        Place place = places.get(containerId);
        if (place == null) {
            return;
        }
        place.changing.lock();
        try (Undo steps = new Undo()) {
            Endpoint endpoint = place.endpoint;
            if (endpoint == null) {
                return; // detached meanwhile, or attaching failed
            }
            place.endpoint = null;
            disconnect(endpoint, place, steps);
        } catch (IOException e) {
            throw failed("disconnect container " + containerId, e);
        } finally {
            place.changing.unlock();
        }
    }

    @Override
    public Recovery recover(List<NetworkSpec> networks, List<Endpoint> endpoints) {
        List<Endpoint> kept = new ArrayList<>();
        List<Endpoint> lost = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        changingNetworks.lock();
        try {
            for (NetworkSpec spec : networks) {
                ensureDevice(spec);
            }
            for (Endpoint endpoint : endpoints) {
                if (adopt(endpoint, warnings)) {
                    kept.add(endpoint);
                } else {
                    lost.add(endpoint);
                }
            }
            clean(kept);
            recovered = true;
            return new Recovery(kept, lost, warnings);
        } catch (IOException e) {
            throw failed("recover networks", e);
        } finally {
            changingNetworks.unlock();
        }
    }

    @Override
    public List<String> warnings() {
        changingNetworks.lock();
        try {
            return hostFirewall.warnings(bridges.values().stream()
                    .map(bridge -> bridge.network().bridge())
                    .toList());
        } finally {
            changingNetworks.unlock();
        }
    }

    @Override
    public void close() {
        try (route;
                firewall;
                ports) {
            reaper.await();
            removeUnused();
        }
    }

    /**
     * Leaves nothing on the machine that no container needs: the next engine makes it again. Only what was recovered can be
     * known to be unused.
     */
    private void removeUnused() {
        changingNetworks.lock();
        try (Undo steps = new Undo()) {
            if (!recovered) {
                return;
            }
            Set<String> used = new HashSet<>();
            places.values().forEach(place -> used.add(place.network));
            steps.add(firewall::removeIfEmpty); // last
            for (Bridge bridge : bridges.values()) {
                if (!used.contains(bridge.network().name())) {
                    steps.add(() -> firewall.remove(bridge.elements()));
                    steps.add(() -> devices.remove(bridge.network()));
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "remove unused networks: " + e.getMessage(), e);
        } finally {
            changingNetworks.unlock();
        }
    }

    private Bridge ensureDevice(NetworkSpec spec) throws IOException {
        Bridge known = bridges.get(spec.name());
        if (known != null) {
            Plan plan = Plan.of(spec);
            if (plan != null && !plan.network(spec).equals(known.network())) {
                throw new FornoException(
                        ErrorKind.CONFLICT, "create network " + spec.name() + ": it exists with other settings");
            }
            devices.ensure(known.network().spec(), List.of()); // somebody may have deleted the device
            return known;
        }
        Network network = devices.ensure(
                spec, bridges.values().stream().map(Bridge::subnet).toList());
        Bridge bridge = new Bridge(network);
        bridges.put(spec.name(), bridge);
        return bridge;
    }

    private Bridge occupy(EndpointSpec spec, Place place) {
        changingNetworks.lock();
        try {
            Bridge bridge = bridges.get(spec.network());
            if (bridge == null) {
                throw new FornoException(ErrorKind.NOT_FOUND, "network " + spec.network() + " not found");
            }
            if (places.putIfAbsent(spec.containerId(), place) != null) {
                throw new FornoException(
                        ErrorKind.ALREADY_EXISTS,
                        "connect " + spec.containerName() + ": the container has an endpoint already");
            }
            return bridge;
        } finally {
            changingNetworks.unlock();
        }
    }

    private Endpoint connect(EndpointSpec spec, Bridge bridge, Undo undo) throws IOException {
        String containerId = spec.containerId();
        Network network = bridge.network();
        Ipv4Address ip = bridge.take(spec, reaper::await);
        undo.add(() -> bridge.release(ip));
        MacAddress mac = mac(spec, ip);
        String id = newId();
        Endpoint endpoint = new Endpoint(
                id,
                containerId,
                network.name(),
                sandboxes.file(containerId).toString(),
                Sandboxes.INTERFACE,
                ip.toString(),
                bridge.subnet().length(),
                network.internal() ? "" : network.gateway(),
                mac.toString(),
                hold(spec, ip, id));
        undo.add(() -> ports.release(containerId));
        sandboxes.create(
                containerId,
                id,
                new Sandboxes.Wiring(
                        device(bridge),
                        network.mtu(),
                        ip,
                        bridge.subnet().length(),
                        mac,
                        network.internal() ? null : bridge.gateway()));
        undo.add(() -> sandboxes.remove(containerId, id, () -> {}));
        if (!endpoint.ports().isEmpty()) {
            firewall.add(PortElements.of(ip, endpoint.ports()));
        }
        return endpoint;
    }

    /** Plans the steps, last first. The address is free again only when the interface is gone. */
    private void disconnect(Endpoint endpoint, Place place, Undo steps) {
        String containerId = endpoint.containerId();
        Ipv4Address ip = Ipv4Address.parse(endpoint.ip());
        boolean published = !endpoint.ports().isEmpty();
        Optional<Bridge> bridge = bridge(endpoint.network());
        steps.add(() -> places.remove(containerId, place));
        steps.add(() -> sandboxes.remove(containerId, endpoint.id(), () -> {
            if (published) {
                hostFirewall.forgetConnections(ip);
            }
            bridge.ifPresent(b -> b.release(ip));
        }));
        if (published) {
            steps.add(() -> ports.release(containerId));
            steps.add(() -> firewall.remove(PortElements.of(ip, endpoint.ports())));
        }
    }

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        config.random().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private boolean adopt(Endpoint endpoint, List<String> warnings) throws IOException {
        Bridge bridge = bridges.get(endpoint.network());
        Ipv4Address ip = Ipv4Address.parse(endpoint.ip());
        if (bridge == null || !sandboxes.exists(endpoint.containerId()) || !bridge.takeAgain(ip)) {
            return false;
        }
        Place place = new Place(endpoint.network());
        place.endpoint = endpoint;
        places.put(endpoint.containerId(), place);
        firewall.want(PortElements.of(ip, endpoint.ports()));
        warnings.addAll(
                ports.holdAgain(endpoint.containerId(), InetAddress.ofLiteral(endpoint.ip()), endpoint.ports()));
        return true;
    }

    private void clean(List<Endpoint> kept) throws IOException {
        Set<Integer> indexes = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Bridge bridge : bridges.values()) {
            firewall.want(bridge.elements());
            names.add(bridge.network().bridge());
            devices.find(bridge.network()).map(Link::index).ifPresent(indexes::add);
        }
        sandboxes.removeOrphans(kept, indexes);
        devices.removeOrphans(names);
        firewall.rewrite();
        firewall.removeIfEmpty();
    }

    private int device(Bridge bridge) throws IOException {
        Optional<Link> device = devices.find(bridge.network());
        if (device.isPresent()) {
            return device.get().index();
        }
        ensure(bridge.network().spec()); // somebody deleted it
        return devices.find(bridge.network()).map(Link::index).orElse(0);
    }

    private Optional<Bridge> bridge(String network) {
        changingNetworks.lock();
        try {
            return Optional.ofNullable(bridges.get(network));
        } finally {
            changingNetworks.unlock();
        }
    }

    private List<BoundPort> hold(EndpointSpec spec, Ipv4Address ip, String endpointId) {
        try {
            return ports.hold(spec.containerId(), InetAddress.ofLiteral(ip.toString()), spec.ports());
        } catch (FornoException e) {
            throw new FornoException(
                    e.kind(),
                    "driver failed programming external connectivity on endpoint " + spec.containerName() + " ("
                            + endpointId + "): " + e.getMessage(),
                    e.getCause());
        }
    }

    private static MacAddress mac(EndpointSpec spec, Ipv4Address ip) {
        String wanted = spec.mac();
        if (wanted == null || wanted.isEmpty()) {
            return MacAddress.of(ip);
        }
        try {
            return MacAddress.parse(wanted);
        } catch (IllegalArgumentException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid MAC address: " + wanted, e);
        }
    }

    private static FornoException failed(String what, IOException e) {
        return new FornoException(ErrorKind.INTERNAL, what + ": " + e.getMessage(), e);
    }
}
