package dev.forno.dockerapi.models;

import dev.forno.engine.images.HistoryEntry;
import dev.forno.engine.images.ImageDetails;
import dev.forno.engine.images.ImageSummary;
import dev.forno.engine.images.Removed;
import dev.forno.oci.Digest;
import dev.forno.oci.ImageConfig;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents about images. */
public final class ImageDocuments {
    private ImageDocuments() {}

    /** One image in a list. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Summary(
            int containers,
            long created,
            String id,
            Map<String, String> labels,
            String parentId,
            List<String> repoDigests,
            List<String> repoTags,
            long sharedSize,
            long size,
            @Nullable Long virtualSize) {}

    /**
     * The document of {@code image}.
     *
     * @param withShared whether the client asked for the shared size; else it is -1, for "unknown"
     * @param withVirtual whether the client's version still has the field
     */
    public static Summary summary(ImageSummary image, boolean withShared, boolean withVirtual) {
        return new Summary(
                image.containers(),
                image.created().getEpochSecond(),
                image.id().toString(),
                image.labels(),
                text(image.parent()),
                image.repoDigests(),
                image.repoTags(),
                withShared ? image.sharedSize() : -1,
                image.size(),
                withVirtual ? image.size() : null);
    }

    /** Everything about one image. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Details(
            String id,
            List<String> repoTags,
            List<String> repoDigests,
            String parent,
            String comment,
            @Nullable String created,
            String dockerVersion,
            String author,
            Config config,
            String architecture,
            @Nullable String variant,
            String os,
            @Nullable String osVersion,
            long size,
            @Nullable Long virtualSize,
            @Json.Property("RootFS") RootFs rootFs,
            Metadata metadata) {}

    /** The image's execution parameters; unlike in the configuration, lists that are not set are null. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Config(
            String user,
            @Nullable Map<String, Map<String, String>> exposedPorts,
            Texts env,
            Texts cmd,
            ImageConfig.@Nullable Healthcheck healthcheck,
            @Nullable Boolean argsEscaped,
            @Nullable Map<String, Map<String, String>> volumes,
            String workingDir,
            Texts entrypoint,
            Texts onBuild,
            @Nullable Map<String, String> labels,
            @Nullable String stopSignal,
            @Nullable Texts shell) {}

    /** The layers' uncompressed digests. */
    @Json(naming = Json.Naming.UpperCamel)
    public record RootFs(String type, List<String> layers) {}

    /** What the engine knows beyond the image. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Metadata(String lastTagTime) {}

    /** The document of {@code image}; {@code withVirtual} as in {@link #summary}. */
    public static Details details(ImageDetails image, boolean withVirtual) {
        ImageConfig config = image.image().config();
        ImageConfig.Execution run = config.execution();
        return new Details(
                image.image().id().toString(),
                image.repoTags(),
                image.repoDigests(),
                text(image.parent()),
                Or.empty(config.comment()),
                config.created(),
                "",
                Or.empty(config.author()),
                new Config(
                        Or.empty(run.user()),
                        run.exposedPorts(),
                        Texts.of(run.env()),
                        Texts.of(run.cmd()),
                        run.healthcheck(),
                        run.argsEscaped(),
                        run.volumes(),
                        Or.empty(run.workingDir()),
                        Texts.of(run.entrypoint()),
                        Texts.of(run.onBuild()),
                        run.labels(),
                        run.stopSignal(),
                        run.shell() == null ? null : Texts.of(run.shell())),
                config.architecture(),
                config.variant(),
                config.os(),
                config.osVersion(),
                image.size(),
                withVirtual ? image.size() : null,
                new RootFs(
                        "layers",
                        config.diffIds().stream().map(Digest::toString).toList()),
                new Metadata(GoTimes.rfc3339(image.lastTagged())));
    }

    /** One step of an image's history. */
    @Json(naming = Json.Naming.UpperCamel)
    public record History(String comment, long created, String createdBy, String id, long size, Texts tags) {}

    /** The document of one step. */
    public static History history(HistoryEntry entry) {
        Instant created = entry.created();
        return new History(
                entry.comment(),
                created.getEpochSecond(),
                entry.createdBy(),
                entry.id() == null ? "<missing>" : entry.id().toString(),
                entry.size(),
                Texts.nonEmpty(entry.tags()));
    }

    /** One effect of a removal. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Deletion(
            @Nullable String untagged, @Nullable String deleted) {}

    /** The document of one effect. */
    public static Deletion deletion(Removed removed) {
        return switch (removed) {
            case Removed.Untagged(var reference) -> new Deletion(reference, null);
            case Removed.Deleted(var id) -> new Deletion(null, id.toString());
        };
    }

    /** The answer to a prune. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Pruned(@Nullable List<Deletion> imagesDeleted, long spaceReclaimed) {}

    /** The answer to a commit. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Committed(String id) {}

    private static String text(@Nullable Digest digest) {
        return digest == null ? "" : digest.toString();
    }
}
