package dev.forno.runtime.tasks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a task, resolved: no images, no names. The runtime adds what every container gets (proc, dev, default
 * devices, masked paths, the default capabilities) according to {@code confinement}.
 *
 * @param id unique in this runtime, safe as a file name
 * @param rootfs the mounted root directory
 * @param readOnlyRootfs whether it is mounted read-only
 * @param process the first process
 * @param hostname the UTS host name; ignored when the UTS namespace is the host's
 * @param domainname the UTS (NIS) domain name, or null
 * @param mounts mounts besides the default ones; one at a default's destination replaces it
 * @param devices host devices to make available
 * @param deviceRules further device permissions, as {@code c 1:3 rwm}
 * @param namespaces which namespaces are the task's own
 * @param resources limits
 * @param confinement privileges
 * @param sysctls kernel parameters set in the task's namespaces
 * @param shmSize the size of {@code /dev/shm} in bytes
 * @param init whether a small init process reaps orphans
 * @param logging where output is logged
 * @param cgroupParent the cgroup under which the task's is made, or null for the configured one
 * @param annotations passed to the OCI runtime
 */
public record TaskSpec(
        String id,
        Path rootfs,
        boolean readOnlyRootfs,
        ProcessSpec process,
        String hostname,
        @Nullable String domainname,
        List<MountSpec> mounts,
        List<DeviceSpec> devices,
        List<String> deviceRules,
        Namespaces namespaces,
        Resources resources,
        Confinement confinement,
        Map<String, String> sysctls,
        long shmSize,
        boolean init,
        Logging logging,
        @Nullable String cgroupParent,
        Map<String, String> annotations) {

    /** The size of {@code /dev/shm} when the user says nothing: 64 MiB. */
    public static final long DEFAULT_SHM_SIZE = 64L << 20;

    /** A task with default confinement, own namespaces, no limits and no log: for build steps, or to derive others from. */
    public static TaskSpec of(String id, Path rootfs, ProcessSpec process) {
        return new TaskSpec(
                id,
                rootfs,
                false,
                process,
                id.length() > 12 ? id.substring(0, 12) : id,
                null,
                List.of(),
                List.of(),
                List.of(),
                Namespaces.OWN,
                Resources.UNLIMITED,
                Confinement.DEFAULT,
                Map.of(),
                DEFAULT_SHM_SIZE,
                false,
                Logging.NONE,
                null,
                Map.of());
    }

    /** The same task with other limits. */
    public TaskSpec withResources(Resources newResources) {
        return new TaskSpec(
                id,
                rootfs,
                readOnlyRootfs,
                process,
                hostname,
                domainname,
                mounts,
                devices,
                deviceRules,
                namespaces,
                newResources,
                confinement,
                sysctls,
                shmSize,
                init,
                logging,
                cgroupParent,
                annotations);
    }
}
