package dev.forno.engine.system;

import dev.forno.engine.containers.Container;
import dev.forno.engine.images.ImageHolding;
import dev.forno.engine.system.Housekeeping.Account;
import dev.forno.engine.system.Housekeeping.Item;
import dev.forno.engine.system.Housekeeping.Kind;
import dev.forno.linux.files.TreeUsage;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.garbage.Roots;
import dev.forno.store.places.Place;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up the state directory, thing by thing, every file once. Made anew for each account. */
final class DiskAccount {
    /** Layers before blobs: a blob that is the very file of a layer holds nothing itself. */
    private static final List<Place.Kind> ORDER = List.of(
            Place.Kind.LAYER,
            Place.Kind.INDEX,
            Place.Kind.BLOB,
            Place.Kind.SNAPSHOT,
            Place.Kind.PARTIAL,
            Place.Kind.TEMPORARY,
            Place.Kind.METADATA);

    private final Path state;
    private final TreeUsage usage = new TreeUsage();
    private final List<Item> items = new ArrayList<>();
    private final List<Holder> stacks = new ArrayList<>();
    private final Map<String, List<String>> holders = new TreeMap<>();
    private final Map<String, Boolean> needed = new TreeMap<>();
    private final Map<String, Container> containers = new TreeMap<>();

    DiskAccount(Path state) {
        this.state = state;
    }

    /** An image, after all containers. Stopped ones don't keep it: a prune of everything removes them first. */
    void image(ImageHolding image) {
        String id = image.id().toString();
        boolean running = containers.values().stream()
                .anyMatch(c -> c.state().status().hasTask() && c.imageId().equals(id));
        Holder holder = new Holder("image " + image.name(), running, image.layers());
        image.blobs().forEach(blob -> hold("blob " + blob, holder));
        holds(holder);
    }

    void cache(Roots cache) {
        Holder holder = new Holder("build cache", false, List.copyOf(cache.layers()));
        cache.blobs().forEach(blob -> hold("blob " + blob, holder));
        holds(holder);
    }

    /** A container with the layers that its file system stands on, lowest first. */
    void container(Container container, List<Digest> layers) {
        containers.put(container.id(), container);
        boolean running = container.state().status().hasTask();
        holds(new Holder("container " + container.name(), running, layers));
    }

    /** Who mounts layers, one above the other. */
    private record Holder(String name, boolean running, List<Digest> layers) {
        /** Whether it mounts what is merged of these layers, or the index of a single one. */
        boolean mounts(List<Digest> index) {
            return index.size() == 1
                    ? layers.contains(index.getFirst())
                    : index.size() <= layers.size()
                            && layers.subList(0, index.size()).equals(index);
        }
    }

    private void holds(Holder holder) {
        stacks.add(holder);
        holder.layers.forEach(layer -> hold("layer " + layer, holder));
    }

    private void hold(String thing, Holder holder) {
        List<String> known = holders.computeIfAbsent(thing, _ -> new ArrayList<>());
        if (!known.contains(holder.name)) {
            known.add(holder.name);
        }
        needed.merge(thing, holder.running, Boolean::logicalOr);
    }

    /** What the store has. */
    void store(List<Place> places) {
        places.stream()
                .sorted(Comparator.comparingInt((Place place) -> ORDER.indexOf(place.kind()))
                        .thenComparing(Place::name))
                .forEach(place -> add(place.path(), bytes -> item(place, bytes)));
    }

    private Item item(Place place, long bytes) {
        return switch (place.kind()) {
            case LAYER -> held(Kind.LAYER, "layer " + place.name(), place.name(), bytes);
            case BLOB -> held(Kind.BLOB, "blob " + place.name(), place.name(), bytes);
            case INDEX -> index(place, bytes);
            case SNAPSHOT -> ofContainer(Kind.CONTAINER, place.name(), bytes);
            case PARTIAL -> new Item(Kind.PARTIAL, place.name(), List.of(), bytes, true);
            case TEMPORARY -> new Item(Kind.TEMPORARY, place.name(), List.of(), bytes, false);
            case METADATA -> new Item(Kind.METADATA, place.name(), List.of(), bytes, false);
        };
    }

    private Item index(Place place, long bytes) {
        List<Holder> by = place.layers().isEmpty()
                ? List.of() // broken, and made anew when it is needed
                : stacks.stream()
                        .filter(holder -> holder.mounts(place.layers()))
                        .toList();
        List<String> names = by.stream().map(Holder::name).toList();
        return new Item(Kind.INDEX, place.name(), names, bytes, by.stream().noneMatch(Holder::running));
    }

    private Item held(Kind kind, String thing, String name, long bytes) {
        return new Item(kind, name, holders.getOrDefault(thing, List.of()), bytes, !needed.getOrDefault(thing, false));
    }

    private Item ofContainer(Kind kind, String id, long bytes) {
        Container container = containers.get(id);
        return container == null
                ? new Item(Kind.TEMPORARY, id, List.of(), bytes, false) // of a running build step
                : new Item(
                        kind,
                        id,
                        List.of("container " + container.name()),
                        bytes,
                        !container.state().status().hasTask());
    }

    void logs(Path directory) {
        for (Path each : entries(directory)) {
            add(each, bytes -> ofContainer(Kind.LOG, each.getFileName().toString(), bytes));
        }
    }

    /** A volume in its own directory, with the containers that mount it. */
    void volume(String name, Path directory, List<Container> users) {
        List<String> by = users.stream().map(user -> "container " + user.name()).toList();
        boolean running = users.stream().anyMatch(user -> user.state().status().hasTask());
        add(directory, bytes -> new Item(Kind.VOLUME, name, by, bytes, !running));
    }

    void temporary(Path directory) {
        for (Path each : entries(directory)) {
            add(each, bytes -> new Item(Kind.TEMPORARY, each.getFileName().toString(), List.of(), bytes, false));
        }
    }

    /** Adds what is left, and ends. */
    Account rest() {
        long known = usage.allocated();
        try {
            long all = TreeUsage.of(state).allocated();
            items.add(new Item(Kind.OTHER, state.toString(), List.of(), Math.max(0, all - known), false));
        } catch (IOException e) {
            throw failure(state, e);
        }
        return new Account(items);
    }

    private void add(Path path, java.util.function.LongFunction<Item> item) {
        try {
            items.add(item.apply(usage.add(path)));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failure(directory, e);
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static FornoException failure(Path path, IOException e) {
        return new FornoException(ErrorKind.INTERNAL, "measure " + path + ": " + e.getMessage(), e);
    }
}
