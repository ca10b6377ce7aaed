package dev.forno.oci;

import io.avaje.jsonb.Json;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container's configuration for an OCI runtime, {@code config.json} (OCI runtime spec, config.md, config-linux.md). */
@Json
public record RuntimeSpec(
        String ociVersion,
        Root root,
        ProcessConfig process,
        @Nullable String hostname,
        @Nullable String domainname,
        List<Mount> mounts,
        Linux linux,
        @Nullable Map<String, String> annotations) {

    /** The version of the specification that is written. */
    public static final String VERSION = "1.0.2";

    /** The file system. */
    @Json
    public record Root(String path, boolean readonly) {}

    /** The process to run; also, alone, the document for an exec. */
    @Json
    public record ProcessConfig(
            boolean terminal,
            @Nullable Box consoleSize,
            User user,
            List<String> args,
            List<String> env,
            String cwd,
            @Nullable Capabilities capabilities,
            @Nullable List<Rlimit> rlimits,
            boolean noNewPrivileges,
            @Nullable Integer oomScoreAdj) {}

    /** The size of a terminal. */
    @Json
    public record Box(int height, int width) {}

    /** Who the process runs as. */
    @Json
    public record User(long uid, long gid, @Nullable List<Long> additionalGids) {}

    /** Capability sets, by names with {@code CAP_}. */
    @Json
    public record Capabilities(
            List<String> bounding,
            List<String> effective,
            List<String> permitted,
            @Nullable List<String> inheritable,
            @Nullable List<String> ambient) {}

    /**
     * A limit of the process. Unlimited is the greatest unsigned value, which JSON shows as such.
     *
     * @param type as {@code RLIMIT_NOFILE}
     */
    @Json
    public record Rlimit(String type, BigInteger hard, BigInteger soft) {}

    /** A mount. */
    @Json
    public record Mount(
            String destination,
            @Nullable String type,
            @Nullable String source,
            @Nullable List<String> options) {}

    /** What Linux alone has. */
    @Json
    public record Linux(
            List<Namespace> namespaces,
            List<Device> devices,
            String cgroupsPath,
            Resources resources,
            @Nullable String rootfsPropagation,
            @Nullable Seccomp seccomp,
            Map<String, String> sysctl,
            List<String> maskedPaths,
            List<String> readonlyPaths) {}

    /** A namespace: new without path, else joined. */
    @Json
    public record Namespace(String type, @Nullable String path) {}

    /** A device node to make. */
    @Json
    public record Device(String type, String path, long major, long minor, int fileMode, long uid, long gid) {}

    /** Limits; also, alone, the document for an update. */
    @Json
    public record Resources(
            @Nullable List<DeviceRule> devices,
            @Nullable Memory memory,
            @Nullable Cpu cpu,
            @Nullable Pids pids,
            @Nullable BlockIo blockIO) {}

    /** A permission of the device controller; no type means all. */
    @Json
    public record DeviceRule(
            boolean allow,
            @Nullable String type,
            @Nullable Long major,
            @Nullable Long minor,
            String access) {}

    /** Limits of memory, in bytes. */
    @Json
    public record Memory(
            @Nullable Long limit,
            @Nullable Long reservation,
            @Nullable Long swap,
            @Nullable Long swappiness,
            @Nullable Boolean disableOOMKiller) {}

    /** Limits of processors; times in microseconds. */
    @Json
    public record Cpu(
            @Nullable Long shares,
            @Nullable Long quota,
            @Nullable Long period,
            @Nullable String cpus,
            @Nullable String mems) {}

    /** The limit of processes. */
    @Json
    public record Pids(long limit) {}

    /** Limits of block devices. */
    @Json
    public record BlockIo(
            @Nullable Integer weight,
            @Nullable List<Throttle> throttleReadBpsDevice,
            @Nullable List<Throttle> throttleWriteBpsDevice,
            @Nullable List<Throttle> throttleReadIOPSDevice,
            @Nullable List<Throttle> throttleWriteIOPSDevice) {}

    /** A limit of one block device, per second. */
    @Json
    public record Throttle(long major, long minor, long rate) {}

    /** A system call filter. */
    @Json
    public record Seccomp(
            String defaultAction,
            @Nullable Integer defaultErrnoRet,
            @Nullable List<String> architectures,
            @Nullable List<String> flags,
            @Nullable String listenerPath,
            @Nullable String listenerMetadata,
            List<SeccompRule> syscalls) {}

    /** What happens to some system calls. */
    @Json
    public record SeccompRule(
            List<String> names,
            String action,
            @Nullable Integer errnoRet,
            @Nullable List<SeccompArgument> args) {}

    /** A condition on an argument of a system call. */
    @Json
    public record SeccompArgument(
            int index, BigInteger value, @Nullable BigInteger valueTwo, String op) {}
}
