package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.TmpfsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether what a creation asks makes sense, with Docker's texts; things that are fine but useless give warnings. */
final class OptionChecks {
    private static final Pattern HOSTNAME =
            Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*");
    private static final long MINIMUM_MEMORY = 6 << 20;

    private final List<String> warnings = new ArrayList<>();
    private final int processors;

    OptionChecks(int processors) {
        this.processors = processors;
    }

    /** Checks everything; throws {@link ErrorKind#INVALID_ARGUMENT}, else gives warnings. */
    List<String> check(ContainerConfig config, HostOptions host) {
        config(config);
        network(config, host);
        resources(host.resources());
        if (host.shmSize() < 0) {
            throw invalid("SHM size can not be less than 0");
        }
        if (host.autoRemove() && !Set.of("", "no").contains(host.restart().name())) {
            throw invalid("can't create 'AutoRemove' container with restart policy");
        }
        SecurityChoices.of(host.security());
        Capabilities.check(host.security());
        LogChoice.of(host.log());
        UserSignals.checkStop(config.stopSignal());
        sysctls(host);
        return List.copyOf(warnings);
    }

    private static void config(ContainerConfig config) {
        if (!config.workingDir().isEmpty() && !config.workingDir().startsWith("/")) {
            throw invalid(
                    "the working directory '" + config.workingDir() + "' is invalid, it needs to be an absolute path");
        }
        if (!config.hostname().isEmpty()
                && (config.hostname().length() > 63
                        || !HOSTNAME.matcher(config.hostname()).matches())) {
            throw invalid("invalid hostname format: " + config.hostname());
        }
        for (String variable : config.env()) {
            if (variable.isEmpty() || variable.startsWith("=")) {
                throw invalid("invalid environment variable: " + variable);
            }
        }
        config.exposedPorts().forEach(Ports::parse);
    }

    private static void network(ContainerConfig config, HostOptions host) {
        NetworkMode mode = NetworkMode.parse(host.network().mode());
        if (mode instanceof NetworkMode.Joined joined) {
            if (joined.container().isEmpty()) {
                throw invalid("invalid network mode: invalid container format container:<name|id>");
            }
            conflict(config.hostname().isEmpty(), "hostname and the network mode");
            conflict(host.network().dns().isEmpty(), "dns and the network mode");
            conflict(host.network().extraHosts().isEmpty(), "custom host-to-IP mapping and the network mode");
            conflict(
                    host.network().portBindings().isEmpty() && !host.network().publishAll(),
                    "port publishing and the container type network mode");
            conflict(config.exposedPorts().isEmpty(), "port exposing and the container type network mode");
        }
        conflict(!host.namespaces().uts().equals("host") || config.hostname().isEmpty(), "hostname and the UTS mode");
        Ports.wishes(host.network(), config.exposedPorts());
        for (String extra : host.network().extraHosts()) {
            if (extra.indexOf(':') < 1 && extra.indexOf('=') < 1) {
                throw invalid("bad format for add-host: \"" + extra + "\"");
            }
        }
    }

    private void resources(Resources r) {
        if (r.memory() != 0 && r.memory() < MINIMUM_MEMORY) {
            throw invalid("Minimum memory limit allowed is 6MB");
        }
        if (r.memory() > 0 && r.memorySwap() > 0 && r.memorySwap() < r.memory()) {
            throw invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        }
        if (r.memory() == 0 && r.memorySwap() > 0) {
            throw invalid("You should always set the Memory limit when using Memoryswap limit, see usage");
        }
        if (r.memoryReservation() > 0 && r.memory() > 0 && r.memory() < r.memoryReservation()) {
            throw invalid("Minimum memory limit can not be less than memory reservation limit, see usage");
        }
        Long swappiness = r.memorySwappiness();
        if (swappiness != null && (swappiness < -1 || swappiness > 100)) {
            throw invalid("Invalid value: " + swappiness + ", valid memory swappiness range is 0-100");
        }
        if (Boolean.TRUE.equals(r.oomKillDisable()) && r.memory() == 0) {
            warnings.add("OOM killer is disabled for the container, but no memory limit is set, this can result in the"
                    + " system running out of resources.");
        }
        if (r.nanoCpus() > 0 && (r.cpuPeriod() > 0 || r.cpuQuota() > 0)) {
            throw invalid("Conflicting options: Nano CPUs and CPU " + (r.cpuPeriod() > 0 ? "Period" : "Quota")
                    + " cannot both be set.");
        }
        if (r.nanoCpus() < 0 || r.nanoCpus() > processors * 1_000_000_000L) {
            throw invalid("range of CPUs is from 0.01 to " + processors + ".00, as there are only " + processors
                    + " CPUs available");
        }
        if (r.cpuPeriod() != 0 && (r.cpuPeriod() < 1000 || r.cpuPeriod() > 1_000_000)) {
            throw invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        }
        if (r.cpuQuota() > 0 && r.cpuQuota() < 1000) {
            throw invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        }
        if (r.blkioWeight() != 0 && (r.blkioWeight() < 10 || r.blkioWeight() > 1000)) {
            throw invalid("Range of blkio weight is from 10 to 1000");
        }
        if (r.oomScoreAdj() < -1000 || r.oomScoreAdj() > 1000) {
            throw invalid("Invalid value " + r.oomScoreAdj() + ", range for oom score adj is [-1000, 1000]");
        }
        ProcessorSet.check(r.cpusetCpus(), processors);
        for (Resources.DeviceMapping device : r.devices()) {
            if (!device.permissions().matches("[rwm]{0,3}")) {
                throw invalid("invalid device mode: " + device.permissions());
            }
        }
    }

    private static void sysctls(HostOptions host) {
        for (String name : host.sysctls().keySet()) {
            if (name.startsWith("net.") && NetworkMode.of(host) instanceof NetworkMode.Host) {
                throw invalid(
                        "sysctl '" + name + "' is not allowed as the container uses the host's network namespace");
            }
            boolean namespaced = name.startsWith("net.")
                    || name.startsWith("fs.mqueue.")
                    || Set.of(
                                    "kernel.msgmax",
                                    "kernel.msgmnb",
                                    "kernel.msgmni",
                                    "kernel.sem",
                                    "kernel.shmall",
                                    "kernel.shmmax",
                                    "kernel.shmmni",
                                    "kernel.shm_rmid_forced",
                                    "kernel.domainname")
                            .contains(name);
            if (!namespaced) {
                throw invalid("sysctl '" + name + "' is not allowed: it is not in a namespace of the container");
            }
        }
    }

    private static void conflict(boolean fine, String what) {
        if (!fine) {
            throw invalid("conflicting options: " + what);
        }
    }

    /** The same text; throws with Docker's text for an option that a tmpfs does not have. */
    static String tmpfs(String options) {
        for (String option : options.isEmpty() ? new String[0] : options.split(",", -1)) {
            if (!TmpfsOptions.isKnown(option)) {
                throw invalid("invalid tmpfs option [\"" + option + "\"]");
            }
        }
        return options;
    }

    static FornoException invalid(String text) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, text);
    }
}
