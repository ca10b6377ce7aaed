package dev.forno.dockerapi.models;

import dev.forno.engine.containers.HostOptions;
import dev.forno.engine.containers.HostOptions.LogOptions;
import dev.forno.engine.containers.HostOptions.NamespaceOptions;
import dev.forno.engine.containers.HostOptions.NetworkOptions;
import dev.forno.engine.containers.HostOptions.RestartPolicy;
import dev.forno.engine.containers.HostOptions.SecurityOptions;
import dev.forno.engine.containers.HostOptions.StorageOptions;
import dev.forno.engine.containers.Resources;
import dev.forno.engine.containers.Resources.DeviceMapping;
import dev.forno.engine.containers.Resources.Ulimit;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's document as the engine's options: everything that asks for something is handed over. */
final class HostConfigReader {
    private HostConfigReader() {}

    static HostOptions read(HostConfigDocument document) {
        refuseUnknown(document);
        return new HostOptions(
                new StorageOptions(
                        Texts.orEmpty(document.binds()),
                        Or.empty(document.mounts()).stream()
                                .map(MountRequestDocument::toEngine)
                                .toList(),
                        Or.texts(document.tmpfs()),
                        Texts.orEmpty(document.volumesFrom()),
                        Or.empty(document.volumeDriver())),
                network(document),
                new NamespaceOptions(
                        Or.empty(document.pidMode()),
                        Or.empty(document.ipcMode()),
                        Or.empty(document.utsMode()),
                        Or.empty(document.cgroupnsMode()),
                        Or.empty(document.usernsMode())),
                security(document),
                resources(document),
                log(document.logConfig()),
                restart(document),
                Or.no(document.autoRemove()),
                document.init(),
                Or.zero(document.shmSize()),
                Or.texts(document.sysctls()),
                Or.empty(document.runtime()),
                Or.texts(document.annotations()),
                Or.texts(document.storageOpt()),
                consoleSize(document.consoleSize()),
                Or.empty(document.containerIdFile()));
    }

    private static void refuseUnknown(HostConfigDocument document) {
        String isolation = Or.empty(document.isolation());
        if (!isolation.isEmpty() && !isolation.equals("default")) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid isolation '" + isolation + "' on linux: only 'default' is known");
        }
        if (!Or.empty(document.cgroup()).isEmpty()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "sharing another container's cgroup (Cgroup) is not supported yet");
        }
    }

    private static NetworkOptions network(HostConfigDocument document) {
        return new NetworkOptions(
                Or.empty(document.networkMode()),
                PortBindingList.toEngine(document.portBindings()),
                Or.no(document.publishAllPorts()),
                Texts.orEmpty(document.dns()),
                Texts.orEmpty(document.dnsOptions()),
                Texts.orEmpty(document.dnsSearch()),
                Texts.orEmpty(document.extraHosts()),
                Texts.orEmpty(document.links()));
    }

    private static SecurityOptions security(HostConfigDocument document) {
        return new SecurityOptions(
                Or.no(document.privileged()),
                Texts.orEmpty(document.capAdd()),
                Texts.orEmpty(document.capDrop()),
                Texts.orEmpty(document.securityOpt()),
                Or.no(document.readonlyRootfs()),
                Texts.orEmpty(document.groupAdd()),
                Texts.orNull(document.maskedPaths()),
                Texts.orNull(document.readonlyPaths()));
    }

    static Resources resources(HostConfigDocument document) {
        Long swappiness = document.memorySwappiness();
        return new Resources(
                Or.zero(document.memory()),
                Or.zero(document.memorySwap()),
                Or.zero(document.memoryReservation()),
                Math.max(Or.zero(document.kernelMemory()), Or.zero(document.kernelMemoryTcp())),
                // Clients send -1 for "not given".
                swappiness == null || swappiness == -1 ? null : swappiness,
                document.oomKillDisable(),
                Or.zero(document.oomScoreAdj()),
                Or.zero(document.cpuShares()),
                Or.zero(document.cpuPeriod()),
                Or.zero(document.cpuQuota()),
                Or.zero(document.nanoCpus()),
                Or.zero(document.cpuRealtimePeriod()),
                Or.zero(document.cpuRealtimeRuntime()),
                Or.empty(document.cpusetCpus()),
                Or.empty(document.cpusetMems()),
                document.pidsLimit(),
                Or.zero(document.blkioWeight()),
                blockLimits(document),
                Or.empty(document.cgroupParent()),
                Or.empty(document.devices()).stream()
                        .map(each -> new DeviceMapping(
                                Or.empty(each.pathOnHost()),
                                Or.empty(each.pathInContainer()),
                                Or.empty(each.cgroupPermissions())))
                        .toList(),
                Texts.orEmpty(document.deviceCgroupRules()),
                Or.empty(document.deviceRequests()).size(),
                Or.empty(document.ulimits()).stream()
                        .map(each -> new Ulimit(Or.empty(each.name()), Or.zero(each.soft()), Or.zero(each.hard())))
                        .toList());
    }

    private static int blockLimits(HostConfigDocument document) {
        int count = 0;
        for (@Nullable
        List<Map<String, Object>> limits : List.of(
                Or.empty(document.blkioWeightDevice()),
                Or.empty(document.blkioDeviceReadBps()),
                Or.empty(document.blkioDeviceWriteBps()),
                Or.empty(document.blkioDeviceReadIops()),
                Or.empty(document.blkioDeviceWriteIops()))) {
            count += Or.empty(limits).size();
        }
        return count;
    }

    private static LogOptions log(HostConfigDocument.@Nullable LogConfig log) {
        return log == null ? LogOptions.DEFAULTS : new LogOptions(Or.empty(log.type()), Or.texts(log.config()));
    }

    static RestartPolicy restart(HostConfigDocument document) {
        HostConfigDocument.RestartPolicyDocument policy = document.restartPolicy();
        return policy == null
                ? RestartPolicy.NO
                : new RestartPolicy(Or.empty(policy.name()), Or.zero(policy.maximumRetryCount()));
    }

    private static @Nullable List<Integer> consoleSize(@Nullable List<Integer> size) {
        return size == null || size.size() != 2 || (size.get(0) == 0 && size.get(1) == 0) ? null : List.copyOf(size);
    }
}
