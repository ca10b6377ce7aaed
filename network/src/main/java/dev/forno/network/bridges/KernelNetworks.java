package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.RouteSocket;
import dev.forno.linux.nftables.NetfilterSocket;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.endpoints.Networks;
import dev.forno.network.endpoints.Recovery;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Networks of the kernel's own bridges, virtual Ethernet pairs and packet filter. */
public final class KernelNetworks implements Networks {
    private static final Logger LOG = System.getLogger(KernelNetworks.class.getName());

    private final RouteSocket route;
    private final Firewall firewall;
    private final BridgeDevices devices;
    private final Reaper reaper;
    private final Sandboxes sandboxes;
    private final HostFirewall hostFirewall;
    private final ReentrantLock changingNetworks = new ReentrantLock();
    private final Map<String, Bridge> bridges = new LinkedHashMap<>();
    private final Attachments attachments;
    private boolean recovered;

    private KernelNetworks(NetworkingConfig config, RouteSocket route, NetfilterSocket netfilter) {
        this.route = route;
        this.firewall = new Firewall(config.table(), netfilter);
        this.hostFirewall = new HostFirewall(config.table(), netfilter);
        this.devices = new BridgeDevices(route, config.table(), config.random());
        this.reaper = new Reaper(route);
        this.sandboxes = new Sandboxes(config.namespaces(), route, reaper);
        this.attachments = new Attachments(config, this, sandboxes, firewall, hostFirewall, reaper);
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
            if (attachments.networks().contains(network)) {
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
        return attachments.attach(spec);
    }

    @Override
    public void detach(String containerId) {
        attachments.detach(containerId);
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
                Bridge bridge = bridges.get(endpoint.network());
                if (bridge != null && attachments.adopt(endpoint, bridge, warnings)) {
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
                attachments) {
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
            Set<String> used = attachments.networks();
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

    /** The bridge of a network, of which somebody begins to take part before networks can change again. */
    Bridge use(String network, Runnable beginning) {
        changingNetworks.lock();
        try {
            Bridge bridge = bridges.get(network);
            if (bridge == null) {
                throw new FornoException(ErrorKind.NOT_FOUND, "network " + network + " not found");
            }
            beginning.run();
            return bridge;
        } finally {
            changingNetworks.unlock();
        }
    }

    /** The number of a bridge's device. */
    int device(Bridge bridge) throws IOException {
        Optional<Link> device = devices.find(bridge.network());
        if (device.isPresent()) {
            return device.get().index();
        }
        ensure(bridge.network().spec()); // somebody deleted it
        return devices.find(bridge.network()).map(Link::index).orElse(0);
    }

    Optional<Bridge> bridge(String network) {
        changingNetworks.lock();
        try {
            return Optional.ofNullable(bridges.get(network));
        } finally {
            changingNetworks.unlock();
        }
    }

    static FornoException failed(String what, IOException e) {
        return new FornoException(ErrorKind.INTERNAL, what + ": " + e.getMessage(), e);
    }
}
