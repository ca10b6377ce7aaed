package dev.forno.engine.containers;

import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.Networks;
import dev.forno.network.endpoints.Recovery;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A bridge without a kernel. */
final class FakeNetworks implements Networks {
    final Map<String, Endpoint> endpoints = new ConcurrentSkipListMap<>();
    List<Endpoint> recovered = List.of();

    @Nullable
    FornoException attachFailure;

    @Override
    public Network ensure(NetworkSpec spec) {
        return new Network(spec.name(), spec.bridge(), "10.0.0.0/24", "10.0.0.1", 1500, false);
    }

    @Override
    public void remove(String network) {}

    @Override
    public List<Network> networks() {
        return List.of(ensure(NetworkSpec.bridge("bridge", "b0")));
    }

    @Override
    public Endpoint attach(EndpointSpec spec) {
        FornoException failure = attachFailure;
        attachFailure = null;
        if (failure != null) {
            throw failure;
        }
        Endpoint endpoint = new Endpoint(
                "e".repeat(64),
                spec.containerId(),
                spec.network(),
                "/run/netns/" + spec.containerId(),
                "eth0",
                "10.0.0." + (2 + endpoints.size()),
                24,
                "10.0.0.1",
                "02:42:0a:00:00:02",
                spec.ports().stream()
                        .map(p -> new BoundPort(
                                "0.0.0.0", p.hostPort() == 0 ? 32768 : p.hostPort(), p.containerPort(), p.protocol()))
                        .toList());
        endpoints.put(spec.containerId(), endpoint);
        return endpoint;
    }

    @Override
    public void detach(String containerId) {
        endpoints.remove(containerId);
    }

    @Override
    public Recovery recover(List<NetworkSpec> networks, List<Endpoint> given) {
        recovered = given;
        return new Recovery(given, List.of(), List.of());
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public void close() {}
}
