package dev.forno.runtime.bundles;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.tasks.DeviceSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Device nodes and permissions of a task. */
final class DeviceNodes {
    private static final Pattern RULE = Pattern.compile("([acb]) ([0-9]{1,9}|\\*):([0-9]{1,9}|\\*) ([rwm]{1,3})");
    private static final Pattern ACCESS = Pattern.compile("[rwm]{1,3}");
    private static final Set<String> NOT_FROM_HOST =
            Set.of("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console");
    private static final int S_IFMT = 0170000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFCHR = 0020000;

    /** What every container may use: zero, null, urandom, random, tty, console; and never fuse unless asked for. */
    private static final List<RuntimeSpec.DeviceRule> DEFAULT_RULES = List.of(
            new RuntimeSpec.DeviceRule(false, null, null, null, "rwm"),
            allow("c", 1, 5),
            allow("c", 1, 3),
            allow("c", 1, 9),
            allow("c", 1, 8),
            allow("c", 5, 0),
            allow("c", 5, 1),
            new RuntimeSpec.DeviceRule(false, "c", 10L, 229L, "rwm"));

    private final List<RuntimeSpec.Device> nodes = new ArrayList<>();
    private final List<RuntimeSpec.DeviceRule> rules = new ArrayList<>();

    private DeviceNodes() {}

    /** The task's devices; throws {@link ErrorKind#INVALID_ARGUMENT} for one that is none. */
    static DeviceNodes of(boolean privileged, List<DeviceSpec> devices, List<String> extraRules) {
        DeviceNodes result = new DeviceNodes();
        if (privileged) {
            result.addHost(Path.of("/dev"), "/dev");
            result.rules.add(new RuntimeSpec.DeviceRule(true, null, null, null, "rwm"));
        } else {
            result.rules.addAll(DEFAULT_RULES);
        }
        for (DeviceSpec device : devices) {
            if (!privileged || !device.host().toString().equals(device.container())) {
                result.add(device, privileged);
            }
        }
        if (!privileged) {
            extraRules.forEach(rule -> result.rules.add(rule(rule)));
        }
        return result;
    }

    List<RuntimeSpec.Device> nodes() {
        return nodes;
    }

    List<RuntimeSpec.DeviceRule> rules() {
        return rules;
    }

    private void add(DeviceSpec device, boolean privileged) {
        if (!ACCESS.matcher(device.permissions()).matches()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid device mode: " + device.permissions());
        }
        int before = nodes.size();
        try {
            if (Files.isDirectory(device.host())) {
                addHost(device.host(), device.container());
            } else {
                Path real = device.host().toRealPath();
                addNode(real, device.container());
            }
        } catch (IOException e) {
            throw gathering(device.host(), Files.exists(device.host()) ? e.toString() : "no such file or directory");
        }
        if (nodes.size() == before) {
            throw gathering(device.host(), "not a device node");
        }
        if (!privileged) {
            for (RuntimeSpec.Device node : nodes.subList(before, nodes.size())) {
                rules.add(new RuntimeSpec.DeviceRule(
                        true, node.type(), node.major(), node.minor(), device.permissions()));
            }
        }
    }

    private void addHost(Path directory, String container) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (NOT_FROM_HOST.contains(name)) {
                    continue;
                }
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    addHost(entry, container + "/" + name);
                } else {
                    addNode(entry, container + "/" + name);
                }
            }
        } catch (IOException e) {
            throw gathering(directory, e.toString());
        }
    }

    private void addNode(Path host, String container) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(host, "unix:mode,rdev,uid,gid", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) required(attributes, "mode");
        int type = mode & S_IFMT;
        if (type != S_IFBLK && type != S_IFCHR) {
            return;
        }
        long rdev = (long) required(attributes, "rdev");
        nodes.add(new RuntimeSpec.Device(
                type == S_IFBLK ? "b" : "c",
                container,
                major(rdev),
                minor(rdev),
                mode & 07777,
                (int) required(attributes, "uid"),
                (int) required(attributes, "gid")));
    }

    private static Object required(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    /** The numbers of a block device, for throttles. */
    static RuntimeSpec.Throttle throttle(Path device, long rate) {
        try {
            long rdev = (long) Files.getAttribute(device, "unix:rdev");
            return new RuntimeSpec.Throttle(major(rdev), minor(rdev), rate);
        } catch (IOException e) {
            throw gathering(device, e.toString());
        }
    }

    /** As makedev(3) of the C library packs them. */
    private static long major(long device) {
        return (device >> 8 & 0xfff) | (device >> 32 & 0xfffff000L);
    }

    private static long minor(long device) {
        return (device & 0xff) | (device >> 12 & 0xffffff00L);
    }

    private static RuntimeSpec.DeviceRule rule(String text) {
        Matcher m = RULE.matcher(text);
        if (!m.matches()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid device cgroup rule format: '" + text + "'");
        }
        return new RuntimeSpec.DeviceRule(
                true, m.group(1), numberOrAny(m.group(2)), numberOrAny(m.group(3)), m.group(4));
    }

    private static long numberOrAny(String text) {
        return text.equals("*") ? -1 : Long.parseLong(text);
    }

    private static RuntimeSpec.DeviceRule allow(String type, long major, long minor) {
        return new RuntimeSpec.DeviceRule(true, type, major, minor, "rwm");
    }

    private static FornoException gathering(Path device, String reason) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "error gathering device information while adding custom device \"" + device + "\": " + reason);
    }
}
