package dev.forno.dockerapi.models;

import dev.forno.dockerapi.models.HostConfigDocument.Device;
import dev.forno.dockerapi.models.HostConfigDocument.LogConfig;
import dev.forno.dockerapi.models.HostConfigDocument.RestartPolicyDocument;
import dev.forno.dockerapi.models.HostConfigDocument.UlimitDocument;
import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.HostOptions;
import dev.forno.engine.containers.HostOptions.NetworkOptions;
import dev.forno.engine.containers.HostOptions.SecurityOptions;
import dev.forno.engine.containers.Resources;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's options as the API's document. */
final class HostConfigWriter {
    private static final long DEFAULT_SHM_BYTES = 64L << 20;

    private HostConfigWriter() {}

    static HostConfigDocument write(Container container) {
        HostOptions host = container.host();
        NetworkOptions network = host.network();
        SecurityOptions security = host.security();
        Resources limits = host.resources();
        Long pidsLimit = limits.pidsLimit();
        return new HostConfigDocument(
                Texts.nonEmpty(host.storage().binds()),
                host.containerIdFile(),
                new LogConfig(
                        host.log().driver().isEmpty() ? "json-file" : host.log().driver(),
                        host.log().options()),
                ContainerDocument.networkMode(container),
                PortBindingList.of(network.portBindings()),
                new RestartPolicyDocument(
                        host.restart().name().isEmpty() ? "no" : host.restart().name(),
                        host.restart().maximumRetryCount()),
                host.autoRemove(),
                host.storage().volumeDriver(),
                Texts.nonEmpty(host.storage().volumesFrom()),
                host.consoleSize() == null ? List.of(0, 0) : host.consoleSize(),
                orNull(host.annotations()),
                Texts.nonEmpty(security.capAdd()),
                Texts.nonEmpty(security.capDrop()),
                host.namespaces().cgroup(),
                Texts.of(network.dns()),
                Texts.of(network.dnsOptions()),
                Texts.of(network.dnsSearch()),
                Texts.nonEmpty(network.extraHosts()),
                Texts.nonEmpty(security.groupAdd()),
                host.namespaces().ipc().isEmpty()
                        ? "private"
                        : host.namespaces().ipc(),
                "",
                Texts.nonEmpty(network.links()),
                limits.oomScoreAdj(),
                host.namespaces().pid(),
                security.privileged(),
                network.publishAll(),
                security.readonlyRootfs(),
                Texts.nonEmpty(security.options()),
                orNull(host.storageOptions()),
                orNull(host.storage().tmpfs()),
                host.namespaces().uts(),
                host.namespaces().user(),
                host.shmSize() == 0 ? DEFAULT_SHM_BYTES : host.shmSize(),
                orNull(host.sysctls()),
                host.runtime(),
                "",
                limits.cpuShares(),
                limits.memory(),
                limits.nanoCpus(),
                limits.cgroupParent(),
                limits.blkioWeight(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                limits.cpuPeriod(),
                limits.cpuQuota(),
                limits.cpuRealtimePeriod(),
                limits.cpuRealtimeRuntime(),
                limits.cpusetCpus(),
                limits.cpusetMems(),
                devices(limits),
                Texts.nonEmpty(limits.deviceCgroupRules()),
                null,
                null,
                null,
                limits.memoryReservation(),
                limits.memorySwap(),
                limits.memorySwappiness(),
                limits.oomKillDisable(),
                pidsLimit == null || pidsLimit <= 0 ? null : pidsLimit,
                limits.ulimits().stream()
                        .map(each -> new UlimitDocument(each.name(), each.soft(), each.hard()))
                        .toList(),
                mounts(host),
                Texts.of(security.maskedPaths()),
                Texts.of(security.readonlyPaths()),
                host.init());
    }

    private static List<Device> devices(Resources limits) {
        return limits.devices().stream()
                .map(each -> new Device(each.pathOnHost(), each.pathInContainer(), each.permissions()))
                .toList();
    }

    private static @Nullable List<MountRequestDocument> mounts(HostOptions host) {
        return host.storage().mounts().isEmpty()
                ? null
                : host.storage().mounts().stream().map(MountRequestDocument::of).toList();
    }

    private static @Nullable Map<String, String> orNull(Map<String, String> map) {
        return map.isEmpty() ? null : map;
    }
}
