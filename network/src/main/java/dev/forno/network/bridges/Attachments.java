package dev.forno.network.bridges;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.ports.HostPorts;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The endpoints of containers, one each: their addresses, interfaces and published ports. Thread-safe. */
final class Attachments implements AutoCloseable {
    private static final int ID_BYTES = 32;

    private final RandomGenerator random;
    private final KernelNetworks networks;
    private final Sandboxes sandboxes;
    private final Firewall firewall;
    private final HostFirewall hostFirewall;
    private final Reaper reaper;
    private final HostPorts ports;
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    Attachments(
            NetworkingConfig config,
            KernelNetworks networks,
            Sandboxes sandboxes,
            Firewall firewall,
            HostFirewall hostFirewall,
            Reaper reaper) {
        this.random = config.random();
        this.networks = networks;
        this.sandboxes = sandboxes;
        this.firewall = firewall;
        this.hostFirewall = hostFirewall;
        this.reaper = reaper;
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

    Endpoint attach(EndpointSpec spec) {
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
            throw KernelNetworks.failed("connect " + spec.containerName() + " to network " + spec.network(), e);
        } finally {
            place.changing.unlock();
        }
    }

    void detach(String containerId) {
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
            throw KernelNetworks.failed("disconnect container " + containerId, e);
        } finally {
            place.changing.unlock();
        }
    }

    /** The networks that have endpoints. */
    Set<String> networks() {
        return places.values().stream().map(place -> place.network).collect(Collectors.toSet());
    }

    /** Takes an endpoint over that an earlier engine made; whether it is still there. */
    boolean adopt(Endpoint endpoint, Bridge bridge, List<String> warnings) throws IOException {
        Ipv4Address ip = Ipv4Address.parse(endpoint.ip());
        if (!sandboxes.exists(endpoint.containerId()) || !bridge.takeAgain(ip)) {
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

    /** Lets go of the ports; the endpoints stay. */
    @Override
    public void close() {
        ports.close();
    }

    private Bridge occupy(EndpointSpec spec, Place place) {
        return networks.use(spec.network(), () -> {
            if (places.putIfAbsent(spec.containerId(), place) != null) {
                throw new FornoException(
                        ErrorKind.ALREADY_EXISTS,
                        "connect " + spec.containerName() + ": the container has an endpoint already");
            }
        });
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
                        networks.device(bridge),
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
        Optional<Bridge> bridge = networks.bridge(endpoint.network());
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
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
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
}
