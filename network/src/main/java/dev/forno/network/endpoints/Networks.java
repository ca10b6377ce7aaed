package dev.forno.network.endpoints;

import java.util.List;

/**
 * The bridge networks of one engine and the endpoints in them. Nothing is stored here: what exists lives in the kernel
 * and in the caller's records, and {@link #recover} brings the two together again. Endpoints outlive this object, so
 * that containers keep their network while the engine is down; {@link #close} lets go of the port holders, and of networks
 * without endpoints.
 *
 * <p>All methods may be called from any thread, virtual ones included. Failures are
 * {@link dev.forno.oci.FornoException}.
 */
public interface Networks extends AutoCloseable {
    /**
     * Makes a network exist: bridge device, address, forwarding and address translation. Idempotent; a change of subnet
     * of a network in use is {@code CONFLICT}. {@code RESOURCE_EXHAUSTED} when no default pool is free.
     */
    Network ensure(NetworkSpec spec);

    /** Removes a network with its bridge; unknown ones are ignored. {@code CONFLICT} while endpoints are in it. */
    void remove(String network);

    /** The networks that exist, in the order in which they were ensured. */
    List<Network> networks();

    /**
     * Creates the container's namespace with its interface, address, route and published ports. All or nothing.
     *
     * <p>{@code NOT_FOUND}: the network; {@code ALREADY_EXISTS}: the container has an endpoint; {@code CONFLICT}: the
     * address is taken; {@code INTERNAL} with Docker's text: a port is taken, and who holds it;
     * {@code RESOURCE_EXHAUSTED}: no address or port is left.
     */
    Endpoint attach(EndpointSpec spec);

    /**
     * Removes a container's endpoint and namespace; unknown ones are ignored. Its ports are free on return; the interface
     * goes within moments, and only then is its address given again.
     */
    void detach(String containerId);

    /**
     * Makes the kernel agree with the caller's records, once, at start: the networks are ensured, the endpoints given are
     * adopted and their ports held again, and everything else that an earlier engine of the same configuration left
     * behind (namespaces, interfaces, port translations) is removed.
     */
    Recovery recover(List<NetworkSpec> networks, List<Endpoint> endpoints);

    /** What a user should know about the host, such as a firewall that drops forwarded packets; empty when all is well. */
    List<String> warnings();

    /**
     * Lets go of the port holders; endpoints and their networks stay and go on working. What was detached is gone on return,
     * and after {@link #recover} networks without endpoints are too: the next recovery makes them again.
     */
    @Override
    void close();
}
