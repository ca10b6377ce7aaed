package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import java.util.List;
import java.util.Set;

/** What is not in yet is refused at creation, each by name, so that nothing asked for is silently left out. */
final class Refusals {
    private static final Set<String> LOG_DRIVERS = Set.of("", "json-file", "local", "none");

    private Refusals() {}

    /** Throws {@link ErrorKind#NOT_IMPLEMENTED} for the first thing that is not in. */
    static void check(CreateRequest request) {
        HostOptions host = request.host();
        restart(host.restart());
        health(request.config());
        unless(!request.config().networkDisabled(), "NetworkDisabled (use --network none)");
        network(request);
        namespaces(host.namespaces());
        resources(host.resources());
        unless(host.storageOptions().isEmpty(), "--storage-opt");
        unless(
                host.storage().volumeDriver().isEmpty()
                        || host.storage().volumeDriver().equals("local"),
                "volume driver \"" + host.storage().volumeDriver() + "\"");
        unless(
                LOG_DRIVERS.contains(host.log().driver()),
                "log driver \"" + host.log().driver() + "\"");
    }

    /** Only {@code no} for now. */
    static void restart(HostOptions.RestartPolicy policy) {
        unless(policy.name().isEmpty() || policy.name().equals("no"), "restart policy \"" + policy.name() + "\"");
    }

    private static void health(ContainerConfig config) {
        ImageConfig.Healthcheck check = config.healthcheck();
        List<String> test = check == null ? null : check.test();
        unless(test == null || test.isEmpty() || test.getFirst().equals("NONE"), "--health-cmd");
    }

    private static void network(CreateRequest request) {
        HostOptions.NetworkOptions network = request.host().network();
        unless(network.links().isEmpty(), "--link");
        known(network.mode());
        request.endpoints().forEach((name, endpoint) -> {
            known(name);
            unless(endpoint.aliases().isEmpty(), "--network-alias");
            unless(endpoint.links().isEmpty(), "--link");
            unless(endpoint.ipv6Address().isEmpty(), "--ip6");
            unless(endpoint.macAddress().isEmpty(), "--mac-address");
            if (!endpoint.ipv4Address().isEmpty()) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "user specified IP address is supported on user defined networks only");
            }
        });
    }

    private static void known(String network) {
        if (NetworkMode.parse(network) == null) {
            throw new FornoException( // not NOT_FOUND, which makes clients pull the image
                    ErrorKind.NOT_IMPLEMENTED,
                    "network " + network
                            + " not found: there are bridge, host, none and container:<name>; user-defined networks are not"
                            + " supported by Forno yet");
        }
    }

    private static void namespaces(HostOptions.NamespaceOptions namespaces) {
        known(namespaces.pid(), Set.of("", "host"), "PID");
        known(namespaces.uts(), Set.of("", "host"), "UTS");
        known(namespaces.cgroup(), Set.of("", "private", "host"), "cgroup namespace");
        unless(Set.of("", "private", "host").contains(namespaces.ipc()), "--ipc=" + namespaces.ipc());
        unless(Set.of("", "host").contains(namespaces.user()), "--userns=" + namespaces.user());
    }

    private static void known(String mode, Set<String> modes, String what) {
        boolean joined = what.equals("PID") && mode.startsWith("container:");
        if (!modes.contains(mode) && !joined) {
            throw OptionChecks.invalid("invalid " + what + " mode: " + mode);
        }
    }

    private static void resources(Resources resources) {
        unless(resources.deviceRequests() == 0, "device requests (--gpus)");
        unless(resources.blkioDeviceLimits() == 0, "per-device block I/O limits");
        unless(resources.kernelMemory() == 0, "--kernel-memory");
        unless(resources.cpuRealtimePeriod() == 0 && resources.cpuRealtimeRuntime() == 0, "real-time CPU limits");
    }

    private static void unless(boolean fine, String what) {
        if (!fine) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "create container: " + what + " is not supported by Forno yet");
        }
    }
}
