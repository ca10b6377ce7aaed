package dev.forno.runtime.bundles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files of proc and sysfs that containers must not see or change. */
final class MaskedPaths {
    static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final List<String> FIXED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");

    private static final class Lazy {
        static final List<String> ALL = find();
    }

    private MaskedPaths() {}

    /** Docker's list; it tells timing of other tenants' work, and names per processor what this machine has. */
    static List<String> all() {
        return Lazy.ALL;
    }

    private static List<String> find() {
        List<String> all = new ArrayList<>(FIXED);
        Path processors = Path.of("/sys/devices/system/cpu");
        if (Files.isDirectory(processors)) {
            try (Stream<Path> entries = Files.list(processors)) {
                entries.map(p -> p.resolve("thermal_throttle"))
                        .filter(Files::exists)
                        .map(Path::toString)
                        .sorted()
                        .forEach(all::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(all);
    }
}
