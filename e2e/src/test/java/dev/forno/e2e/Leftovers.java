package dev.forno.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an engine could leave on the machine: mounts, namespaces, links, cgroups, processes, open files, packet rules. */
record Leftovers(Set<String> found) {
    /** An image's mount, which a running engine keeps for the next container. */
    private static final Pattern IMAGE = Pattern.compile(".*/snapshots/erofs/images/[^/]+/mount");

    static Leftovers none() {
        return new Leftovers(Set.of());
    }

    /** Looks at the machine now. */
    static Leftovers of(String name, Path folder, long enginePid) {
        Set<String> found = new TreeSet<>();
        String prefix = folder.toString();
        for (String line : read(Path.of("/proc/self/mountinfo")).lines().toList()) {
            String point = line.split(" ")[4];
            if (point.startsWith(prefix)
                    && !(enginePid > 0 && IMAGE.matcher(point).matches())) {
                found.add("mount " + point);
            }
        }
        list(folder.resolve("run/netns")).forEach(path -> found.add("namespace " + path));
        list(Path.of("/sys/class/net/" + name + "/brif")).forEach(path -> found.add("link " + path));
        for (Path controller : list(Path.of("/sys/fs/cgroup"))) {
            list(controller.resolve(name)).stream()
                    .filter(Files::isDirectory)
                    .forEach(path -> found.add("cgroup " + path));
        }
        list(Path.of("/sys/fs/cgroup", name)).stream()
                .filter(Files::isDirectory)
                .forEach(path -> found.add("cgroup " + path));
        processes(prefix, enginePid, found);
        String rules = Command.of("nft", "list", "ruleset").run().out();
        rules.lines()
                .filter(line -> line.contains("dnat to") && line.contains(prefix))
                .forEach(line -> found.add("rule " + line));
        return new Leftovers(found);
    }

    private static void processes(String prefix, long enginePid, Set<String> found) {
        for (Path process : list(Path.of("/proc"))) {
            String pid = Objects.toString(process.getFileName());
            if (!Character.isDigit(pid.charAt(0)) || pid.equals(Long.toString(enginePid))) {
                continue;
            }
            String line = read(process.resolve("cmdline")).replace('\0', ' ');
            if (line.contains(prefix) && !line.startsWith("docker ")) {
                if (line.contains("java") && line.contains("engine")) {
                    openFiles(process, found);
                } else {
                    found.add("process " + line);
                }
            }
        }
        if (enginePid > 0) {
            openFiles(Path.of("/proc", Long.toString(enginePid)), found);
        }
    }

    private static void openFiles(Path process, Set<String> found) {
        for (Path fd : list(process.resolve("fd"))) {
            try {
                String file = Files.readSymbolicLink(fd).toString();
                if (file.contains("/containers/") || file.contains("/netns/") || file.endsWith(" (deleted)")) {
                    found.add("open file " + file);
                }
            } catch (IOException e) {
                // closed meanwhile
            }
        }
    }

    /** What is here and was not there. */
    List<String> beyond(Leftovers before) {
        List<String> more = new ArrayList<>(found);
        more.removeAll(before.found);
        return more;
    }

    /** What is mounted below a folder. */
    static List<String> mountedBelow(Path folder) {
        return read(Path.of("/proc/self/mountinfo"))
                .lines()
                .map(line -> line.split(" ")[4])
                .filter(point -> point.startsWith(folder.toString()))
                .toList();
    }

    /** Unmounts everything below a folder, deepest first, so that it can be deleted. */
    static void unmountBelow(Path folder) {
        for (String point : mountedBelow(folder).reversed()) {
            Command.of("umount", "-l", point).run();
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (UncheckedIOException | IOException e) {
            return List.of();
        }
    }
}
