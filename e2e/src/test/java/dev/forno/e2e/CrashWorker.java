package dev.forno.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing after the other to images under names of its own until the engine is gone, and keeps what the engine has
 * acknowledged. Only the thing that was under way when the engine died may have happened or not.
 */
final class CrashWorker {
    /** An image that the worker does not know the id of: it was built. */
    private static final String BUILT = "built";

    /**
     * Something under way.
     *
     * @param before the image of the name before it, or null
     * @param after the image of the name after it, or null
     */
    private record Change(
            String what,
            String name,
            @Nullable String before,
            @Nullable String after) {}

    private final String prefix;
    private final CrashImages images;
    private final Docker docker;
    private final List<String> registries;
    private final Path archive;
    private final Random random;
    private final Map<String, String> names = new TreeMap<>();
    private final Map<String, String> pushed = new HashMap<>();
    private final List<Change> pending = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    CrashWorker(int number, CrashImages images, Docker docker, List<String> registries, Path folder, Random random) {
        this.prefix = "w" + number;
        this.images = images;
        this.docker = docker;
        this.registries = registries;
        this.archive = folder.resolve(prefix + ".tar");
        this.random = random;
    }

    /** Works until something fails, and gives what failed. */
    Command.Result untilFailure() {
        pending.clear();
        while (true) {
            Command.Result result = step();
            if (result.exit() != 0) {
                return result;
            }
            pending.forEach(change -> acknowledge(change.name(), change.after()));
            pending.clear();
        }
    }

    private void acknowledge(String name, @Nullable String image) {
        if (image == null) {
            names.remove(name);
        } else {
            names.put(name, image);
        }
    }

    private Command.Result step() {
        int image = random.nextInt(CrashImages.COUNT);
        return switch (names.isEmpty() ? random.nextInt(5) : random.nextInt(14)) {
            case 0, 1 -> {
                String name = prefix + "/load" + image + ":latest";
                images.archive(image, name, archive);
                yield change("load", name, images.id(image), "load", "-q", "-i", archive.toString());
            }
            case 2, 3, 4 -> {
                String registry = registries.get(random.nextInt(registries.size()));
                String name = registry + "/" + prefix + "/image" + image + ":latest";
                yield change("pull", name, images.id(image), "pull", "-q", name);
            }
            case 5, 6 -> tag();
            case 7, 8, 9 -> {
                String name = anyName();
                yield change("rmi", name, null, "rmi", name);
            }
            case 10 -> build();
            case 11 -> push();
            case 12 -> docker.run("image", "prune", "-f");
            default -> docker.run("builder", "prune", "-f");
        };
    }

    private Command.Result tag() {
        String from = anyName();
        String registry = random.nextBoolean() ? registries.getFirst() + "/" : "";
        String name = registry + prefix + "/tag" + random.nextInt(4) + ":latest";
        return change("tag", name, names.get(from), "tag", from, name);
    }

    private Command.Result build() {
        String name = prefix + "/built" + random.nextInt(3) + ":latest";
        String step = random.nextBoolean() ? "RUN echo " + random.nextInt() + " >/made" : "LABEL n=" + random.nextInt();
        begin("build", name, BUILT);
        return docker.command("build", "-q", "-t", name, "-")
                .input("FROM " + anyName() + "\n" + step + "\n")
                .run();
    }

    private Command.Result push() {
        String name = names.keySet().stream()
                .filter(known -> known.startsWith(registries.getFirst() + "/" + prefix + "/tag"))
                .findFirst()
                .orElse("");
        if (name.isEmpty()) {
            return tag();
        }
        String image = names.getOrDefault(name, "");
        pushed.remove(name);
        Command.Result result = docker.run("push", "-q", name);
        if (result.exit() == 0) {
            pushed.put(name, image);
        }
        return result;
    }

    private Command.Result change(String what, String name, @Nullable String after, String... command) {
        begin(what, name, after);
        return docker.run(command);
    }

    private void begin(String what, String name, @Nullable String after) {
        done.add(what + " " + name);
        pending.add(new Change(what, name, names.get(name), after));
    }

    private String anyName() {
        List<String> all = List.copyOf(names.keySet());
        return all.get(random.nextInt(all.size()));
    }

    /** Compares with what the engine says its names are; what was under way is taken as it turned out. */
    void verify(Map<String, String> found) {
        for (Change change : pending) {
            String now = found.get(change.name());
            boolean as = same(change.before(), now) || same(change.after(), now);
            if (!as) {
                throw new AssertionError(change + " left " + now + "; " + this);
            }
            acknowledge(change.name(), now == null ? null : BUILT.equals(change.after()) ? BUILT : now);
        }
        Map<String, String> mine = new TreeMap<>(found);
        mine.keySet().removeIf(name -> !name.startsWith(prefix + "/") && !name.contains("/" + prefix + "/"));
        if (!mine.keySet().equals(names.keySet())) {
            throw new AssertionError("names " + mine.keySet() + ", acknowledged " + names.keySet() + "; " + this);
        }
        names.forEach((name, image) -> {
            if (!same(image, mine.get(name))) {
                throw new AssertionError(name + " is " + mine.get(name) + ", acknowledged " + image + "; " + this);
            }
        });
    }

    private static boolean same(@Nullable String expected, @Nullable String found) {
        if (expected == null || found == null) {
            return expected == null && found == null;
        }
        return expected.equals(BUILT) || expected.equals(found);
    }

    /** The names acknowledged. */
    List<String> names() {
        return List.copyOf(names.keySet());
    }

    /** The image of a name when it is one of the known ones, or -1. */
    int image(String name) {
        for (int i = 0; i < CrashImages.COUNT; i++) {
            if (images.id(i).equals(names.get(name))) {
                return i;
            }
        }
        return -1;
    }

    /** What the registry acknowledged through the engine: image ids by name. */
    Map<String, String> pushed() {
        return Map.copyOf(pushed);
    }

    @Override
    public String toString() {
        return prefix + " did " + done.subList(Math.max(0, done.size() - 12), done.size());
    }
}
