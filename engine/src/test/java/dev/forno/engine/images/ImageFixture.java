package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.layers.StoredLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Services of images over a plain store, with what they told. */
final class ImageFixture implements AutoCloseable {
    final Store store;
    final ImageServices services;
    final GarbageRoots roots = new GarbageRoots();
    final List<ImageUsers.Use> uses = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Progress> progress = new CopyOnWriteArrayList<>();
    /** What the clock shows. */
    volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private final RegistryClient client;

    /** Over a store that needs no root. */
    ImageFixture(Path directory) {
        this(new PlainStore(directory));
    }

    /** Over any store, which is closed with the fixture. */
    ImageFixture(Store store) {
        this(store, RegistryOptions.DEFAULT);
    }

    /** The same, with registries as the options say. */
    ImageFixture(Store store, RegistryOptions registries) {
        this.store = store;
        client = new RegistryClient(registries.withRetryDelay(Duration.ofMillis(1)));
        services = ImageServices.open(
                store,
                client,
                roots,
                () -> uses,
                (action, id, attributes) -> events.add(action),
                (config, instructions) -> new ImageConfig.Execution(
                        null,
                        null,
                        null,
                        null,
                        List.copyOf(instructions),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                () -> now);
    }

    /** A tar of one file. */
    static byte[] tar(String name, String text) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TarWriter tar = new TarWriter(out);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            tar.add(TarEntry.file(name, 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
            tar.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An image of layers with these texts, under these names. */
    Image image(List<String> layers, @Nullable Digest parent, String... names) {
        Map<Digest, dev.forno.oci.Descriptor> blobs = new java.util.HashMap<>();
        List<String> diffIds = new ArrayList<>();
        List<ImageConfig.History> history = new ArrayList<>();
        for (String text : layers) {
            StoredLayer layer = store.layers().store(new ByteArrayInputStream(tar("file", text)));
            blobs.put(layer.diffId(), layer.blob());
            diffIds.add(layer.diffId().toString());
            history.add(new ImageConfig.History("2025-05-05T00:00:00Z", "add " + text, null, null, null));
        }
        ImageConfig config = new ImageConfig(
                "2025-06-0" + layers.size() + "T00:00:00Z",
                null,
                Platform.host().architecture(),
                "linux",
                null,
                null,
                null,
                null,
                new ImageConfig.Execution(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of("of", layers.getLast()),
                        null,
                        null,
                        null,
                        null,
                        null),
                new ImageConfig.RootFs("layers", diffIds),
                history);
        List<Reference> references =
                List.of(names).stream().map(Reference::parse).toList();
        return services.writer().create(new NewImage(config, blobs, parent, references));
    }

    List<String> tagsOf(Image image) {
        return services.images().inspect(image.id().toString()).repoTags();
    }

    /** The removal's effects, as the CLI prints them. */
    List<String> remove(String name, boolean force) {
        return shown(services.removal().remove(name, force, true).removed());
    }

    static List<String> shown(List<Removed> removed) {
        return removed.stream()
                .map(effect -> switch (effect) {
                    case Removed.Untagged untagged -> "Untagged: " + untagged.reference();
                    case Removed.Deleted deleted -> "Deleted: " + deleted.id();
                })
                .toList();
    }

    static String failure(Runnable work) {
        try {
            work.run();
        } catch (FornoException e) {
            return e.kind() + " " + e.getMessage();
        }
        return "no failure";
    }

    @Override
    public void close() {
        client.close();
        store.close();
    }
}
