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
    @Json
    public record Summary(
            @Json.Property("Containers") int containers,
            @Json.Property("Created") long created,
            @Json.Property("Id") String id,
            @Json.Property("Labels") Map<String, String> labels,
            @Json.Property("ParentId") String parentId,
            @Json.Property("RepoDigests") List<String> repoDigests,
            @Json.Property("RepoTags") List<String> repoTags,
            @Json.Property("SharedSize") long sharedSize,
            @Json.Property("Size") long size,
            @Json.Property("VirtualSize") @Nullable Long virtualSize) {}

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
    @Json
    public record Details(
            @Json.Property("Id") String id,
            @Json.Property("RepoTags") List<String> repoTags,
            @Json.Property("RepoDigests") List<String> repoDigests,
            @Json.Property("Parent") String parent,
            @Json.Property("Comment") String comment,
            @Json.Property("Created") @Nullable String created,
            @Json.Property("DockerVersion") String dockerVersion,
            @Json.Property("Author") String author,
            @Json.Property("Config") Config config,
            @Json.Property("Architecture") String architecture,
            @Json.Property("Variant") @Nullable String variant,
            @Json.Property("Os") String os,
            @Json.Property("OsVersion") @Nullable String osVersion,
            @Json.Property("Size") long size,
            @Json.Property("VirtualSize") @Nullable Long virtualSize,
            @Json.Property("RootFS") RootFs rootFs,
            @Json.Property("Metadata") Metadata metadata) {}

    /** The image's execution parameters; unlike in the configuration, lists that are not set are null. */
    @Json
    public record Config(
            @Json.Property("User") String user,
            @Json.Property("ExposedPorts") @Nullable Map<String, Map<String, String>> exposedPorts,
            @Json.Property("Env") Texts env,
            @Json.Property("Cmd") Texts cmd,
            @Json.Property("Healthcheck") ImageConfig.@Nullable Healthcheck healthcheck,
            @Json.Property("ArgsEscaped") @Nullable Boolean argsEscaped,
            @Json.Property("Volumes") @Nullable Map<String, Map<String, String>> volumes,
            @Json.Property("WorkingDir") String workingDir,
            @Json.Property("Entrypoint") Texts entrypoint,
            @Json.Property("OnBuild") Texts onBuild,
            @Json.Property("Labels") @Nullable Map<String, String> labels,
            @Json.Property("StopSignal") @Nullable String stopSignal,
            @Json.Property("Shell") @Nullable Texts shell) {}

    /** The layers' uncompressed digests. */
    @Json
    public record RootFs(
            @Json.Property("Type") String type,
            @Json.Property("Layers") List<String> layers) {}

    /** What the engine knows beyond the image. */
    @Json
    public record Metadata(@Json.Property("LastTagTime") String lastTagTime) {}

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
    @Json
    public record History(
            @Json.Property("Comment") String comment,
            @Json.Property("Created") long created,
            @Json.Property("CreatedBy") String createdBy,
            @Json.Property("Id") String id,
            @Json.Property("Size") long size,
            @Json.Property("Tags") Texts tags) {}

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
    @Json
    public record Deletion(
            @Json.Property("Untagged") @Nullable String untagged,
            @Json.Property("Deleted") @Nullable String deleted) {}

    /** The document of one effect. */
    public static Deletion deletion(Removed removed) {
        return switch (removed) {
            case Removed.Untagged(var reference) -> new Deletion(reference, null);
            case Removed.Deleted(var id) -> new Deletion(null, id.toString());
        };
    }

    /** The answer to a prune. */
    @Json
    public record Pruned(
            @Json.Property("ImagesDeleted") @Nullable List<Deletion> imagesDeleted,
            @Json.Property("SpaceReclaimed") long spaceReclaimed) {}

    /** The answer to a commit. */
    @Json
    public record Committed(@Json.Property("Id") String id) {}

    private static String text(@Nullable Digest digest) {
        return digest == null ? "" : digest.toString();
    }
}
