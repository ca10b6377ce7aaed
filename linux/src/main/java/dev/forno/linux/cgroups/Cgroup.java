package dev.forno.linux.cgroups;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One control group, which with version 1 is a directory in each controller's hierarchy. Thread-safe: holds no state.
 *
 * @param root where the hierarchies are mounted
 * @param version how they are mounted
 * @param path absolute in the hierarchy, as {@code /forno/id}
 */
public record Cgroup(Path root, CgroupVersion version, String path) {
    /** A group of this machine. */
    public Cgroup(CgroupVersion version, String path) {
        this(CgroupVersion.ROOT, version, path);
    }

    /** Refuses paths that lead elsewhere. */
    public Cgroup {
        if (!path.startsWith("/")
                || Path.of(path).normalize().toString().length() != path.length()
                || path.length() < 2) {
            throw new IllegalArgumentException("not a clean cgroup path: " + path);
        }
    }

    /** The group's directory for a controller, as {@code memory}; with version 2 they are all the same. */
    public Path directory(String controller) {
        String relative = path.substring(1);
        return switch (version) {
            case V1 -> root.resolve(controller).resolve(relative);
            case V2 -> root.resolve(relative);
        };
    }

    /** A file's text without the final line end; empty when there is no such file. */
    public Optional<String> read(String controller, String file) throws IOException {
        try {
            return Optional.of(
                    Files.readString(directory(controller).resolve(file)).stripTrailing());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (!Files.exists(directory(controller))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A file that holds one number; empty without file or when it says {@code max}. */
    public OptionalLong number(String controller, String file) throws IOException {
        Optional<String> text = read(controller, file);
        return text.isEmpty() || !text.get().matches("-?[0-9]+")
                ? OptionalLong.empty()
                : OptionalLong.of(parse(text.get()));
    }

    /** The value of a key in a file of lines {@code key value}. */
    public OptionalLong keyed(String controller, String file, String key) throws IOException {
        return read(controller, file)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> parse(line.substring(key.length() + 1)))
                .findFirst();
    }

    /** A number that the kernel may print as an unsigned one beyond the range of long. */
    static long parse(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** How often the kernel killed a process of the group for want of memory. */
    public long oomKills() throws IOException {
        return switch (version) {
            case V1 -> keyed("memory", "memory.oom_control", "oom_kill").orElse(0);
            case V2 -> keyed("memory", "memory.events", "oom_kill").orElse(0);
        };
    }

    /** Whether all processes are frozen. */
    public boolean isFrozen() throws IOException {
        return switch (version) {
            case V1 -> !read("freezer", "freezer.state").orElse("THAWED").equals("THAWED");
            case V2 -> keyed("freezer", "cgroup.events", "frozen").orElse(0) == 1;
        };
    }

    /** The ids of all processes in the group and below it. */
    public List<Integer> processes() throws IOException {
        // with version 1 not every kernel has every controller; every process is in the group of each there is
        Optional<Path> found = hierarchies().stream().filter(Files::isDirectory).findFirst();
        if (found.isEmpty()) {
            return List.of();
        }
        Path top = found.get();
        List<Integer> pids = new ArrayList<>();
        for (Path directory : withChildren(top)) {
            // empty when it was removed meanwhile
            lines(directory.resolve("cgroup.procs")).forEach(line -> pids.add(Integer.parseInt(line)));
        }
        return pids;
    }

    /**
     * Removes the group and those below it from all hierarchies. What is gone already is passed over.
     *
     * @return whether all are gone; a group that has processes stays
     */
    public boolean remove() throws IOException {
        boolean gone = true;
        for (Path top : hierarchies()) {
            if (Files.isDirectory(top)) {
                for (Path directory : withChildren(top).reversed()) {
                    gone &= removeDirectory(directory);
                }
            }
        }
        return gone;
    }

    /** Removes the group from the hierarchies in which nothing is in it or below it. */
    public void removeIfEmpty() throws IOException {
        hierarchies().forEach(Cgroup::removeDirectory);
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private List<Path> hierarchies() throws IOException {
        String relative = path.substring(1);
        if (version == CgroupVersion.V2) {
            return List.of(root.resolve(relative));
        }
        try (Stream<Path> controllers = Files.list(root)) {
            return controllers
                    .filter(c -> !Files.isSymbolicLink(c))
                    .map(c -> c.resolve(relative))
                    .toList();
        }
    }

    private static List<Path> withChildren(Path top) throws IOException {
        try (Stream<Path> tree = Files.walk(top)) {
            return tree.filter(Files::isDirectory)
                    .sorted(Comparator.comparingInt(Path::getNameCount))
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            return List.of(top);
        }
    }

    private static boolean removeDirectory(Path directory) {
        try {
            Files.delete(directory);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (IOException e) {
            return !Files.exists(directory);
        }
    }
}
