package dev.forno.engine.containers;

import dev.forno.engine.containers.CommitRequest.Committed;
import dev.forno.engine.images.ConfigChanges;
import dev.forno.engine.images.Image;
import dev.forno.engine.images.ImageWriter;
import dev.forno.engine.images.NewImage;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Reference;
import dev.forno.runtime.tasks.Task;
import dev.forno.store.layers.Layers;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import dev.forno.store.leases.Leases;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes images of containers. */
final class Commits {
    private final Parts parts;
    private final Layers layers;
    private final Leases leases;
    private final ImageWriter writer;
    private final ConfigChanges changes;
    private final ContainerEvents events;

    Commits(Parts parts, Layers layers, Leases leases, ImageWriter writer, ConfigChanges changes) {
        this.parts = parts;
        this.layers = layers;
        this.leases = leases;
        this.writer = writer;
        this.changes = changes;
        this.events = new ContainerEvents(parts.events());
    }

    Committed commit(CommitRequest request) {
        ContainerEntry entry = parts.records().find(request.container());
        String name = request.reference();
        List<Reference> names = name == null || name.isEmpty()
                ? List.of()
                : List.of(Reference.parse(name).withDefaultTag());
        ImageConfig.Execution asked = request.config();
        ImageConfig.Execution execution =
                changes.apply(asked == null ? execution(entry.value().config()) : asked, request.changes());
        Image base = parts.images().resolve(entry.value().imageId());
        try (Lease lease = leases.open("commit container " + entry.id())) {
            base.layers().forEach(lease::protect);
            StoredLayer layer = entry.lockedGet(() -> export(entry, request.pause()));
            Map<Digest, Descriptor> added = layer.empty() ? Map.of() : Map.of(layer.diffId(), layer.blob());
            ImageConfig config = config(request, entry.value(), base.config(), execution, layer);
            Image image = writer.create(new NewImage(config, added, base.id(), names));
            events.publish(
                    entry.value(),
                    "commit",
                    Map.of(
                            "comment", request.comment(),
                            "imageID", image.id().toString(),
                            "imageRef", names.isEmpty() ? "" : names.getFirst().toString()));
            return new Committed(image.id().toString());
        }
    }

    /** Under the container's lock, so that nobody starts, stops or thaws it meanwhile. */
    private StoredLayer export(ContainerEntry entry, boolean pause) {
        Task task = entry.task();
        if (task == null || !pause || entry.state().status() != ContainerStatus.RUNNING) {
            return layers.export(parts.snapshot(entry.id()));
        }
        pauseQuietly(task);
        try {
            return layers.export(parts.snapshot(entry.id()));
        } finally {
            thaw(task);
        }
    }

    private static void pauseQuietly(Task task) {
        try {
            task.pause();
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.FAILED_PRECONDITION) {
                throw e;
            } // it ended just now
        }
    }

    private static void thaw(Task task) {
        try {
            task.resume();
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.FAILED_PRECONDITION) {
                throw e;
            } // it ended just now
        }
    }

    private ImageConfig config(
            CommitRequest request, Container c, ImageConfig base, ImageConfig.Execution execution, StoredLayer layer) {
        String now = parts.clock().instant().toString();
        List<String> diffIds =
                new ArrayList<>(base.diffIds().stream().map(Digest::toString).toList());
        if (!layer.empty()) {
            diffIds.add(layer.diffId().toString());
        }
        List<ImageConfig.History> history = new ArrayList<>();
        if (base.history() != null) {
            history.addAll(base.history());
        }
        String command = (c.path() + " " + String.join(" ", c.args())).strip();
        history.add(new ImageConfig.History(
                now,
                command,
                nullIfEmpty(request.author()),
                nullIfEmpty(request.comment()),
                layer.empty() ? true : null));
        return new ImageConfig(
                now,
                nullIfEmpty(request.author()),
                base.architecture(),
                base.os(),
                base.osVersion(),
                base.osFeatures(),
                base.variant(),
                nullIfEmpty(request.comment()),
                execution,
                new ImageConfig.RootFs("layers", diffIds),
                history);
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    /** A container's configuration as an image keeps it. */
    static ImageConfig.Execution execution(ContainerConfig c) {
        return new ImageConfig.Execution(
                nullIfEmpty(c.user()),
                c.exposedPorts().isEmpty() ? null : keys(c.exposedPorts()),
                c.env().isEmpty() ? null : c.env(),
                c.entrypoint(),
                c.cmd(),
                c.volumes().isEmpty() ? null : keys(c.volumes()),
                nullIfEmpty(c.workingDir()),
                c.labels().isEmpty() ? null : c.labels(),
                nullIfEmpty(c.stopSignal()),
                null,
                c.healthcheck(),
                c.onBuild(),
                c.shell());
    }

    private static Map<String, Map<String, String>> keys(Collection<String> names) {
        return names.stream().collect(Collectors.toMap(Function.identity(), n -> Map.of(), (a, b) -> a, TreeMap::new));
    }
}
