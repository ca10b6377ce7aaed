package dev.forno.dockerapi.models;

import dev.forno.engine.events.Event;
import dev.forno.engine.system.Versions;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Documents about the engine: versions, events, logins. */
public final class SystemDocuments {
    /**
     * The Docker release whose API is served. Clients compare the version at the top of the document with those that they
     * can work with: Testcontainers refuses everything below 1.6.0. Forno's own is behind the plus sign, and alone in the
     * part named Engine, which people are shown.
     */
    private static final String DOCKER_RELEASE = "28.3.0";

    private static final long NANOS = 1_000_000_000L;
    private static final Set<String> WITH_LEGACY_FIELDS = Set.of("container", "image");

    private SystemDocuments() {}

    /** The engine's and its parts' versions. */
    @Json
    public record Version(
            @Json.Property("Platform") Platform platform,
            @Json.Property("Components") List<Component> components,
            @Json.Property("Version") String version,
            @Json.Property("ApiVersion") String apiVersion,
            @Json.Property("MinAPIVersion") String minApiVersion,
            @Json.Property("GitCommit") String gitCommit,
            @Json.Property("GoVersion") String goVersion,
            @Json.Property("Os") String os,
            @Json.Property("Arch") String arch,
            @Json.Property("KernelVersion") String kernelVersion,
            @Json.Property("BuildTime") String buildTime) {}

    /** The product's name. */
    @Json
    public record Platform(@Json.Property("Name") String name) {}

    /** One part. */
    @Json
    public record Component(
            @Json.Property("Name") String name,
            @Json.Property("Version") String version,
            @Json.Property("Details") Map<String, String> details) {}

    /** The document of {@code versions}; the field for Go's version tells the Java version that the engine runs on. */
    public static Version version(Versions versions, String apiVersion, String minApiVersion) {
        List<Component> components = new ArrayList<>();
        components.add(engine(versions, apiVersion, minApiVersion));
        versions.components()
                .forEach(each -> components.add(new Component(each.name(), each.version(), each.details())));
        return new Version(
                new Platform("Forno"),
                components,
                DOCKER_RELEASE + "+forno." + versions.version(),
                apiVersion,
                minApiVersion,
                versions.commit(),
                versions.javaVersion(),
                versions.os(),
                versions.architecture(),
                versions.kernel(),
                versions.buildTime());
    }

    /** Clients print the engine's version from the details of the part named Engine, which comes first. */
    private static Component engine(Versions versions, String apiVersion, String minApiVersion) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("ApiVersion", apiVersion);
        details.put("Arch", versions.architecture());
        details.put("BuildTime", versions.buildTime());
        details.put("Experimental", "false");
        details.put("GitCommit", versions.commit());
        details.put("GoVersion", versions.javaVersion());
        details.put("KernelVersion", versions.kernel());
        details.put("MinAPIVersion", minApiVersion);
        details.put("Os", versions.os());
        return new Component("Engine", versions.version(), details);
    }

    /** One event; the lower-case fields at the front are for old clients. */
    @Json
    public record EventDocument(
            @Json.Property("status") @Nullable String status,
            @Json.Property("id") @Nullable String legacyId,
            @Json.Property("from") @Nullable String from,
            @Json.Property("Type") String type,
            @Json.Property("Action") String action,
            @Json.Property("Actor") Actor actor,
            @Json.Property("scope") String scope,
            @Json.Property("time") long time,
            @Json.Property("timeNano") long timeNano) {}

    /** Whom an event is about. */
    @Json
    public record Actor(
            @Json.Property("ID") String id,
            @Json.Property("Attributes") Map<String, String> attributes) {}

    /** The document of {@code event}. */
    public static EventDocument event(Event event) {
        boolean legacy = WITH_LEGACY_FIELDS.contains(event.type());
        Instant time = event.time();
        return new EventDocument(
                legacy ? event.action() : null,
                legacy ? event.actorId() : null,
                legacy ? event.attributes().get("image") : null,
                event.type(),
                event.action(),
                new Actor(event.actorId(), event.attributes()),
                "local",
                time.getEpochSecond(),
                time.getEpochSecond() * NANOS + time.getNano());
    }

    /** Credentials, as headers and logins carry them. */
    @Json
    public record Credentials(
            @Nullable String username,
            @Nullable String password,
            @Nullable String auth,
            @Nullable String serveraddress,
            @Nullable String identitytoken,
            @Nullable String registrytoken) {}

    /** The answer to a login. */
    @Json
    public record Login(
            @Json.Property("Status") String status,
            @Json.Property("IdentityToken") String identityToken) {}
}
