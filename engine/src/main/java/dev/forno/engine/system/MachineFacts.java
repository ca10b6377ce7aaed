package dev.forno.engine.system;

import dev.forno.engine.system.EngineDescription.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the kernel's files tell about this machine. */
final class MachineFacts {
    private MachineFacts() {}

    static Machine machine() {
        Map<String, String> release = osRelease();
        return new Machine(
                read("/proc/sys/kernel/osrelease"),
                release.getOrDefault("PRETTY_NAME", "Linux"),
                release.getOrDefault("VERSION_ID", ""),
                switch (System.getProperty("os.arch", "")) {
                    case "amd64" -> "x86_64";
                    default -> System.getProperty("os.arch", "");
                },
                Runtime.getRuntime().availableProcessors(),
                memory(),
                read("/proc/sys/net/ipv4/ip_forward").equals("1"));
    }

    static String hostname() {
        return read("/proc/sys/kernel/hostname");
    }

    /** Open file descriptors of this process. */
    static int openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static Map<String, String> osRelease() {
        Map<String, String> values = new HashMap<>();
        String text = read("/etc/os-release");
        for (String line : (text.isEmpty() ? read("/usr/lib/os-release") : text).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Bytes, from a line as {@code MemTotal:  24688032 kB}. */
    private static long memory() {
        for (String line : read("/proc/meminfo").split("\n", -1)) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return ""; // not on this machine
        }
    }
}
