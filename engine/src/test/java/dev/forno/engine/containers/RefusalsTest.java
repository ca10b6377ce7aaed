package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.engine.containers.CreateRequest.EndpointRequest;
import dev.forno.engine.containers.HostOptions.LogOptions;
import dev.forno.engine.containers.HostOptions.NetworkOptions;
import dev.forno.engine.containers.HostOptions.RestartPolicy;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static HostOptions options(LogOptions log, RestartPolicy restart, NetworkOptions network) {
        HostOptions d = HostOptions.DEFAULTS;
        return new HostOptions(
                d.storage(),
                network,
                d.namespaces(),
                d.security(),
                d.resources(),
                log,
                restart,
                false,
                d.init(),
                d.shmSize(),
                d.sysctls(),
                d.runtime(),
                d.annotations(),
                d.storageOptions(),
                d.consoleSize(),
                d.containerIdFile());
    }

    private static FornoException refusal(HostOptions host, Map<String, EndpointRequest> endpoints) {
        CreateRequest request = new CreateRequest("x", ContainerConfig.of("app"), host, null, endpoints);
        return assertThrows(FornoException.class, () -> Refusals.check(request));
    }

    private static NetworkOptions network(String mode) {
        return new NetworkOptions(mode, Map.of(), false, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    @Test
    void whatIsNotInIsNamed() {
        FornoException restart = refusal(
                options(LogOptions.DEFAULTS, new RestartPolicy("always", 0), NetworkOptions.DEFAULTS), Map.of());
        assertEquals(ErrorKind.NOT_IMPLEMENTED, restart.kind());
        assertEquals("create container: restart policy \"always\" is not supported by Forno yet", restart.getMessage());
        FornoException log = refusal(
                options(new LogOptions("syslog", Map.of()), RestartPolicy.NO, NetworkOptions.DEFAULTS), Map.of());
        assertEquals("create container: log driver \"syslog\" is not supported by Forno yet", log.getMessage());
    }

    @Test
    void unknownNamespaceModesAreRefused() {
        assertMode("invalid PID mode: hots", new HostOptions.NamespaceOptions("hots", "", "", "", ""));
        assertMode("invalid UTS mode: x", new HostOptions.NamespaceOptions("container:a", "", "x", "", ""));
        assertMode("invalid cgroup namespace mode: x", new HostOptions.NamespaceOptions("", "", "", "x", ""));
    }

    private static void assertMode(String text, HostOptions.NamespaceOptions namespaces) {
        HostOptions d = HostOptions.DEFAULTS;
        HostOptions host = new HostOptions(
                d.storage(),
                d.network(),
                namespaces,
                d.security(),
                d.resources(),
                d.log(),
                d.restart(),
                false,
                d.init(),
                d.shmSize(),
                d.sysctls(),
                d.runtime(),
                d.annotations(),
                d.storageOptions(),
                d.consoleSize(),
                d.containerIdFile());
        FornoException e = refusal(host, Map.of());
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertEquals(text, e.getMessage());
    }

    @Test
    void unknownNetworksAreRefused() {
        FornoException e = refusal(options(LogOptions.DEFAULTS, RestartPolicy.NO, network("mine")), Map.of());
        assertEquals(ErrorKind.NOT_IMPLEMENTED, e.kind());
        assertEquals(
                "network mine not found: there are bridge, host, none and container:<name>; user-defined networks are"
                        + " not supported by Forno yet",
                e.getMessage());
    }

    @Test
    void wishesForEndpointsAreRefused() {
        EndpointRequest alias = new EndpointRequest("", "", "", List.of("db"), List.of());
        FornoException e = refusal(HostOptions.DEFAULTS, Map.of("bridge", alias));
        assertEquals("create container: --network-alias is not supported by Forno yet", e.getMessage());
        EndpointRequest ip = new EndpointRequest("10.0.0.9", "", "", List.of(), List.of());
        assertEquals(
                "user specified IP address is supported on user defined networks only",
                refusal(HostOptions.DEFAULTS, Map.of("bridge", ip)).getMessage());
    }

    @Test
    void aPlainContainerPasses() {
        Refusals.check(CreateRequest.of(ContainerConfig.of("app"), HostOptions.DEFAULTS));
    }
}
