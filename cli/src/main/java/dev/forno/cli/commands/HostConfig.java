package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.values.MountSpec;
import dev.forno.cli.values.PortSpec;
import dev.forno.cli.values.Variables;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part {@code HostConfig} of a new container's document: what ties it to the host. */
final class HostConfig {
    private final Arguments arguments;
    private final Map<String, Object> host = new LinkedHashMap<>();

    private HostConfig(Arguments arguments) {
        this.arguments = arguments;
    }

    /** Adds the part, and the anonymous volumes beside it, to the document. */
    static void build(Arguments arguments, Map<String, Object> config) throws IOException {
        HostConfig host = new HostConfig(arguments);
        host.volumes(config);
        host.network();
        host.confinement();
        host.security();
        host.logging();
        host.resources();
        config.put("HostConfig", host.host);
    }

    /** The network's name, out of the simple or the long spelling of the option. */
    static String network(Arguments arguments) {
        String network = arguments.text("network", arguments.text("net", "default"));
        for (String field : network.split(",")) {
            if (field.startsWith("name=")) {
                return field.substring("name=".length());
            }
        }
        if (network.contains(",")) {
            throw new IllegalArgumentException("network name is required: " + network);
        }
        return network;
    }

    private void volumes(Map<String, Object> config) {
        List<String> binds = new ArrayList<>();
        Map<String, Object> anonymous = new TreeMap<>();
        for (String volume : arguments.list("volume")) {
            int colon = volume.indexOf(':');
            if (volume.isEmpty() || colon == 0) {
                throw new IllegalArgumentException("invalid spec: " + volume + ": empty section between colons");
            }
            if (colon < 0) {
                anonymous.put(volume, Map.of());
            } else if (volume.startsWith(".")) {
                binds.add(Path.of(volume.substring(0, colon)).toAbsolutePath().normalize() + volume.substring(colon));
            } else {
                binds.add(volume);
            }
        }
        if (!anonymous.isEmpty()) {
            config.put("Volumes", anonymous);
        }
        list("Binds", binds);
        list("VolumesFrom", arguments.list("volumes-from"));
        text("VolumeDriver", "volume-driver");
        List<Map<String, Object>> mounts = new ArrayList<>();
        for (String mount : arguments.list("mount")) {
            try {
                mounts.add(MountSpec.parse(mount));
            } catch (IllegalArgumentException e) {
                throw arguments.invalid("mount", mount, String.valueOf(e.getMessage()));
            }
        }
        if (!mounts.isEmpty()) {
            host.put("Mounts", mounts);
        }
        Map<String, String> tmpfs = new LinkedHashMap<>();
        for (String mount : arguments.list("tmpfs")) {
            int colon = mount.indexOf(':');
            tmpfs.put(colon < 0 ? mount : mount.substring(0, colon), colon < 0 ? "" : mount.substring(colon + 1));
        }
        if (!tmpfs.isEmpty()) {
            host.put("Tmpfs", tmpfs);
        }
        map("StorageOpt", "storage-opt");
    }

    private void network() {
        host.put("NetworkMode", network(arguments));
        Map<String, List<Map<String, String>>> bindings = new TreeMap<>();
        for (String publish : arguments.list("publish")) {
            for (PortSpec port : PortSpec.parse(publish)) {
                bindings.computeIfAbsent(port.key(), key -> new ArrayList<>())
                        .add(Map.of("HostIp", port.hostIp(), "HostPort", port.hostPort()));
            }
        }
        if (!bindings.isEmpty()) {
            host.put("PortBindings", bindings);
        }
        flag("PublishAllPorts", "publish-all");
        list("Dns", arguments.list("dns"));
        list("DnsOptions", arguments.list("dns-option"));
        list("DnsSearch", arguments.list("dns-search"));
        List<String> hosts = new ArrayList<>();
        for (String entry : arguments.list("add-host")) {
            if (!entry.matches("[^:=]+[:=].+")) {
                throw arguments.invalid("add-host", entry, "bad format for add-host: \"" + entry + "\"");
            }
            hosts.add(entry.replaceFirst("[=:]\\[?([^\\]]+)\\]?$", ":$1"));
        }
        list("ExtraHosts", hosts);
        list("Links", arguments.list("link"));
    }

    private void confinement() {
        flag("AutoRemove", "rm");
        flag("Privileged", "privileged");
        flag("ReadonlyRootfs", "read-only");
        list("CapAdd", arguments.list("cap-add"));
        list("CapDrop", arguments.list("cap-drop"));
        list("GroupAdd", arguments.list("group-add"));
        text("PidMode", "pid");
        text("IpcMode", "ipc");
        text("UTSMode", "uts");
        text("UsernsMode", "userns");
        text("CgroupnsMode", "cgroupns");
        text("CgroupParent", "cgroup-parent");
        text("ContainerIDFile", "cidfile");
        text("Runtime", "runtime");
        map("Sysctls", "sysctl");
        map("Annotations", "annotation");
        if (arguments.given("init")) {
            host.put("Init", arguments.is("init"));
        }
        if (arguments.given("gpus")) {
            throw new IllegalArgumentException("--gpus is not supported by Forno");
        }
        host.put("RestartPolicy", restartPolicy(arguments.text("restart", "no")));
    }

    static Map<String, Object> restartPolicy(String text) {
        String[] policy = text.split(":", 2);
        Map<String, Object> restart = new LinkedHashMap<>();
        restart.put("Name", policy[0]);
        restart.put("MaximumRetryCount", 0);
        if (policy.length == 2) {
            if (!policy[1].matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException(
                        "invalid restart policy format: maximum retry count must be an integer");
            }
            restart.put("MaximumRetryCount", Long.parseLong(policy[1]));
        }
        return restart;
    }

    private void security() throws IOException {
        List<String> options = new ArrayList<>();
        for (String option : arguments.list("security-opt")) {
            String value = option.replaceFirst("^seccomp:", "seccomp=");
            if (value.equals("systempaths=unconfined")) {
                host.put("MaskedPaths", List.of());
                host.put("ReadonlyPaths", List.of());
            } else if (value.startsWith("seccomp=") && !value.matches("seccomp=(unconfined|builtin)")) {
                // the engine may be on another machine: the profile itself is sent, not its path
                String file = value.substring("seccomp=".length());
                try {
                    options.add("seccomp=" + Json.parse(Files.readAllBytes(Path.of(file))));
                } catch (java.nio.file.NoSuchFileException e) {
                    throw new IOException(
                            "opening seccomp profile (" + file + ") failed: no such file or directory", e);
                }
            } else {
                options.add(value);
            }
        }
        list("SecurityOpt", options);
    }

    private void logging() {
        Map<String, String> options = Variables.pairs(arguments.list("log-opt"));
        String driver = arguments.text("log-driver", "");
        if (driver.equals("none") && !options.isEmpty()) {
            throw new IllegalArgumentException("invalid logging opts for driver none");
        }
        host.put("LogConfig", Map.of("Type", driver, "Config", options));
    }

    private void resources() {
        bytes("Memory", "memory");
        bytes("MemoryReservation", "memory-reservation");
        bytes("MemorySwap", "memory-swap");
        bytes("KernelMemory", "kernel-memory");
        bytes("ShmSize", "shm-size");
        number("MemorySwappiness", "memory-swappiness");
        number("CpuShares", "cpu-shares");
        number("CpuPeriod", "cpu-period");
        number("CpuQuota", "cpu-quota");
        number("CpuRealtimePeriod", "cpu-rt-period");
        number("CpuRealtimeRuntime", "cpu-rt-runtime");
        number("PidsLimit", "pids-limit");
        number("OomScoreAdj", "oom-score-adj");
        number("BlkioWeight", "blkio-weight");
        text("CpusetCpus", "cpuset-cpus");
        text("CpusetMems", "cpuset-mems");
        if (arguments.given("cpus")) {
            host.put("NanoCpus", nanoCpus(arguments.text("cpus", "0")));
        }
        if (arguments.given("oom-kill-disable")) {
            host.put("OomKillDisable", arguments.is("oom-kill-disable"));
        }
        list("DeviceCgroupRules", arguments.list("device-cgroup-rule"));
        List<Map<String, Object>> limits = new ArrayList<>();
        arguments.list("ulimit").forEach(limit -> limits.add(ulimit(arguments, limit)));
        if (!limits.isEmpty()) {
            host.put("Ulimits", limits);
        }
        List<Map<String, Object>> devices = new ArrayList<>();
        arguments.list("device").forEach(device -> devices.add(device(device)));
        if (!devices.isEmpty()) {
            host.put("Devices", devices);
        }
    }

    static long nanoCpus(String cpus) {
        BigDecimal nanos = new BigDecimal(cpus).movePointRight(9);
        if (nanos.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("value is too precise");
        }
        return nanos.longValue();
    }

    static Map<String, Object> ulimit(Arguments arguments, String text) {
        String complaint = "invalid ulimit argument: " + text;
        if (!text.matches("[a-z]+=-?[0-9]+(:-?[0-9]+)?")) {
            throw arguments.invalid("ulimit", text, complaint);
        }
        int equals = text.indexOf('=');
        String[] values = text.substring(equals + 1).split(":");
        Map<String, Object> limit = new LinkedHashMap<>();
        limit.put("Name", text.substring(0, equals));
        limit.put("Soft", Long.parseLong(values[0]));
        limit.put("Hard", Long.parseLong(values[values.length - 1]));
        return limit;
    }

    private static Map<String, Object> device(String text) {
        String[] parts = text.split(":", -1);
        String permissions = "rwm";
        String inside = parts[0];
        if (parts.length > 3) {
            throw new IllegalArgumentException("invalid device specification: " + text);
        }
        if (parts.length == 3) {
            inside = parts[1];
            permissions = parts[2];
        } else if (parts.length == 2) {
            if (parts[1].matches("[rwm]{1,3}")) {
                permissions = parts[1];
            } else {
                inside = parts[1];
            }
        }
        return Map.of("PathOnHost", parts[0], "PathInContainer", inside, "CgroupPermissions", permissions);
    }

    private void flag(String member, String option) {
        if (arguments.is(option)) {
            host.put(member, true);
        }
    }

    private void text(String member, String option) {
        if (arguments.given(option)) {
            host.put(member, arguments.text(option, ""));
        }
    }

    private void number(String member, String option) {
        if (arguments.given(option)) {
            host.put(member, arguments.number(option, 0));
        }
    }

    private void bytes(String member, String option) {
        if (arguments.given(option)) {
            host.put(member, arguments.bytes(option, 0));
        }
    }

    private void map(String member, String option) {
        if (arguments.given(option)) {
            host.put(member, Variables.pairs(arguments.list(option)));
        }
    }

    private void list(String member, List<String> values) {
        if (!values.isEmpty()) {
            host.put(member, values);
        }
    }
}
