package dev.forno.network.ports;

import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Protocol;
import dev.forno.network.endpoints.PublishedPort;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The host's ports that are held for containers. Thread-safe. */
public final class HostPorts implements AutoCloseable {
    private static final int EPHEMERAL_FIRST = 49153;
    private static final int LAST = 65535;

    private final Function<String, Optional<String>> containerNames;
    private final List<HeldPort> held = new ArrayList<>();

    /**
     * Starts with none held.
     *
     * @param containerNames finds a container's name by its id, to say who holds a port
     */
    public HostPorts(Function<String, Optional<String>> containerNames) {
        this.containerNames = containerNames;
    }

    /**
     * Holds all of a container's ports, or none.
     *
     * @param target the container's address
     * @return the ports as bound
     */
    public List<BoundPort> hold(String containerId, InetAddress target, List<PublishedPort> wishes) {
        List<BoundPort> bound = new ArrayList<>();
        try {
            for (PublishedPort wish : wishes) {
                bound.addAll(hold(containerId, target, wish));
            }
            return bound;
        } catch (RuntimeException e) {
            release(containerId);
            throw e;
        }
    }

    /** Holds the ports of an earlier engine's endpoint again; says in words which ones it can't. */
    public List<String> holdAgain(String containerId, InetAddress target, List<BoundPort> ports) {
        List<String> warnings = new ArrayList<>();
        List<BoundPort> left = new ArrayList<>(ports);
        while (!left.isEmpty()) {
            BoundPort first = left.removeFirst();
            List<String> addresses = new ArrayList<>(List.of(first.hostIp()));
            Optional<BoundPort> twin =
                    left.stream().filter(port -> twins(first, port)).findFirst();
            twin.ifPresent(port -> {
                left.remove(port);
                addresses.add(port.hostIp());
            });
            HostAddress address = new HostAddress(addresses);
            try {
                bind(containerId, target, address, first.hostPort(), first.protocol(), first.containerPort());
            } catch (IOException e) {
                warnings.add("hold port " + first.hostIp() + ":" + first.hostPort() + "/"
                        + first.protocol().text() + " again: " + taken(address, first.hostPort(), first.protocol()));
            }
        }
        return warnings;
    }

    /** Lets go of a container's ports. */
    public void release(String containerId) {
        List<HeldPort> mine;
        synchronized (held) {
            mine = held.stream()
                    .filter(port -> port.containerId().equals(containerId))
                    .toList();
            held.removeAll(mine);
        }
        mine.forEach(HeldPort::close);
    }

    /** Lets go of all ports. */
    @Override
    public void close() {
        List<HeldPort> all;
        synchronized (held) {
            all = List.copyOf(held);
            held.clear();
        }
        all.forEach(HeldPort::close);
    }

    private List<BoundPort> hold(String containerId, InetAddress target, PublishedPort wish) {
        HostAddress address = HostAddress.parse(wish.hostIp());
        int first = wish.hostPort();
        int last = wish.hostPortEnd();
        if (first == 0 && wish.protocol() == Protocol.SCTP) { // no socket that the kernel could choose a port for
            first = EPHEMERAL_FIRST;
            last = LAST;
        }
        @Nullable IOException failure = null;
        for (int port = first; port <= last; port++) {
            try {
                return bind(containerId, target, address, port, wish.protocol(), wish.containerPort())
                        .bound();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (first == 0 || first != last) {
            throw new FornoException(ErrorKind.RESOURCE_EXHAUSTED, "all ports are allocated", failure);
        }
        throw new FornoException(
                ErrorKind.RESOURCE_EXHAUSTED,
                "Bind for " + printed(address) + ":" + first + " failed: " + taken(address, first, wish.protocol()),
                failure);
    }

    private HeldPort bind(
            String containerId, InetAddress target, HostAddress address, int port, Protocol protocol, int containerPort)
            throws IOException {
        synchronized (held) {
            if (port != 0 && held.stream().anyMatch(other -> other.clashes(address, port, protocol))) {
                throw new IOException("held for another container");
            }
            HeldPort bound =
                    HeldPort.bind(address, port, protocol, containerId, new InetSocketAddress(target, containerPort));
            held.add(bound);
            return bound;
        }
    }

    /** Why a port can't be had, with the holder. The JDK's own text is in the user's language and names no errno. */
    private String taken(HostAddress address, int port, Protocol protocol) {
        if (!isOwn(address)) {
            return "cannot assign requested address";
        }
        Optional<String> container;
        synchronized (held) {
            container = held.stream()
                    .filter(other -> other.clashes(address, port, protocol))
                    .findFirst()
                    .map(HeldPort::containerId);
        }
        Optional<String> holder = container
                .map(id -> "container " + containerNames.apply(id).orElse(id))
                .or(() -> PortOwner.find(protocol, port));
        return "port is already allocated"
                + holder.map(who -> " (held by " + who + ")").orElse("");
    }

    private static boolean isOwn(HostAddress address) {
        InetAddress ip = address.socketAddress(0).getAddress();
        try {
            return ip.isAnyLocalAddress() || ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean twins(BoundPort a, BoundPort b) {
        return a.hostIp().equals("0.0.0.0")
                && b.hostIp().equals("::")
                && a.hostPort() == b.hostPort()
                && a.protocol() == b.protocol()
                && a.containerPort() == b.containerPort();
    }

    private static String printed(HostAddress address) {
        return address.text().indexOf(':') < 0 ? address.text() : "[" + address.text() + "]";
    }
}
