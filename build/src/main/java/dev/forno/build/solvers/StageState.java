package dev.forno.build.solvers;

import dev.forno.build.caches.CacheEntry;
import dev.forno.build.caches.CacheEntry.CachedLayer;
import dev.forno.build.configs.ConfigDraft;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.ImageConfig.Execution;
import dev.forno.oci.ImageConfig.History;
import dev.forno.oci.ImageConfig.RootFs;
import dev.forno.oci.Platform;
import dev.forno.store.layers.StoredLayer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The image that a stage has made so far. For one thread. */
final class StageState {
    /** The default path, which Docker puts into images that have none. */
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ImageConfig config;
    private @Nullable Digest id;
    private final @Nullable Digest base;
    private final List<CachedLayer> layers;
    private ConfigDraft draft;

    private StageState(ImageConfig config, @Nullable Digest id, @Nullable Digest base, List<CachedLayer> layers) {
        this.config = config;
        this.id = id;
        this.base = base;
        this.layers = new ArrayList<>(layers);
        this.draft = draft(config);
    }

    static StageState scratch(Platform platform) {
        ImageConfig empty = new ImageConfig(
                null,
                null,
                platform.architecture(),
                platform.os(),
                null,
                null,
                platform.variant(),
                null,
                Execution.EMPTY,
                new RootFs("layers", List.of()),
                List.of());
        return new StageState(empty, null, null, List.of());
    }

    static StageState of(BaseImage image) {
        return new StageState(image.config(), image.id(), image.id(), List.of());
    }

    /** A stage that begins where another ended. */
    static StageState after(StageState other) {
        return new StageState(other.config, other.id, other.base, other.layers);
    }

    private static ConfigDraft draft(ImageConfig config) {
        ConfigDraft draft = new ConfigDraft(config.execution(), config.author());
        if (draft.variable("PATH") == null) {
            draft.setVariable("PATH", PATH);
        }
        return draft;
    }

    ConfigDraft draft() {
        return draft;
    }

    ImageConfig config() {
        return config;
    }

    @Nullable
    Digest base() {
        return base;
    }

    /** The image's id, null for scratch without any step. */
    @Nullable
    Digest id() {
        return id;
    }

    String idText() {
        return id == null ? "" : id.toString();
    }

    String shortId() {
        return id == null ? "" : id.shortHex();
    }

    List<Digest> diffIds() {
        return config.diffIds();
    }

    List<CachedLayer> layers() {
        return List.copyOf(layers);
    }

    /** Adds a step: the draft's parameters, a history entry, and a layer if it made one. */
    void commit(String createdBy, @Nullable StoredLayer layer, Instant now) {
        boolean empty = layer == null || layer.empty();
        List<String> diffIds =
                new ArrayList<>(Objects.requireNonNullElse(config.rootfs().diffIds(), List.of()));
        if (layer != null && !empty) {
            diffIds.add(layer.diffId().toString());
            layers.add(new CachedLayer(layer.diffId().toString(), layer.blob(), layer.size()));
        }
        List<History> history = new ArrayList<>(Objects.requireNonNullElse(config.history(), List.of()));
        history.add(new History(now.toString(), createdBy, draft.author(), null, empty ? true : null));
        config = new ImageConfig(
                now.toString(),
                draft.author(),
                config.architecture(),
                config.os(),
                config.osVersion(),
                config.osFeatures(),
                config.variant(),
                null,
                draft.execution(),
                new RootFs("layers", diffIds),
                history);
        id = Digest.of(Documents.write(ImageConfig.class, config));
    }

    /** Takes over what an earlier build made of the same step. */
    void adopt(CacheEntry entry) {
        byte[] json = entry.config().getBytes(StandardCharsets.UTF_8);
        config = Documents.imageConfig(json);
        id = Digest.of(json);
        layers.clear();
        layers.addAll(entry.layers());
    }

    String configText() {
        return new String(Documents.write(ImageConfig.class, config), StandardCharsets.UTF_8);
    }
}
