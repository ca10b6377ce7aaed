package dev.forno.oci;

import io.avaje.jsonb.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operating system and processor (OCI image spec, image-index.md, "platform").
 *
 * @param architecture a GOARCH name, as {@code amd64}
 * @param os a GOOS name, as {@code linux}
 * @param variant the processor's variant, as {@code v8}, or null
 */
@Json
public record Platform(
        String architecture,
        String os,
        @Json.Property("os.version") @Nullable String osVersion,
        @Json.Property("os.features") @Nullable List<String> osFeatures,
        @Nullable String variant) {

    /** Checks that the required fields are there; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public Platform {
        Documents.require(architecture, "platform", "architecture");
        Documents.require(os, "platform", "os");
    }

    /** The platform of this machine. */
    public static Platform host() {
        String arch = System.getProperty("os.arch", "amd64").toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x86_64" -> of("linux", "amd64", null);
            case "aarch64", "arm64" -> of("linux", "arm64", null);
            case "arm" -> of("linux", "arm", "v7");
            case "i386", "x86" -> of("linux", "386", null);
            default -> of("linux", arch, null);
        };
    }

    /** A platform without OS version and features. */
    public static Platform of(String os, String architecture, @Nullable String variant) {
        return new Platform(architecture, os, null, null, variant);
    }

    /**
     * Parses {@code os/arch[/variant]}, {@code os} or {@code arch}, with the usual aliases (x86_64, aarch64); throws
     * {@link ErrorKind#INVALID_ARGUMENT}.
     */
    public static Platform parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("/", -1);
        for (String part : parts) {
            if (!part.matches("[a-z0-9_.-]+")) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "parse platform \"" + text + "\": expected os/architecture or os/architecture/variant");
            }
        }
        Platform host = host();
        return switch (parts.length) {
            case 1 -> parts[0].equals("linux") ? host : normalized("linux", parts[0], null);
            case 2 -> normalized(parts[0], parts[1], null);
            case 3 -> normalized(parts[0], parts[1], parts[2]);
            default ->
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "parse platform \"" + text + "\": expected os/architecture or os/architecture/variant");
        };
    }

    /**
     * Whether content for {@code other} runs on this platform: the same os and architecture, and the same variant or a lower
     * one. No variant is the least that the architecture has: v1 of amd64, v8 of arm64; of arm it is v7, as Docker has it.
     */
    public boolean accepts(Platform other) {
        Platform mine = normalized(os, architecture, variant);
        Platform theirs = normalized(other.os, other.architecture, other.variant);
        return mine.os.equals(theirs.os)
                && mine.architecture.equals(theirs.architecture)
                && (Objects.equals(mine.variant, theirs.variant) || mine.level().includes(theirs.level()));
    }

    /** Orders platforms of one architecture by their variants, the one that asks least of the processor first. */
    public static Comparator<Platform> byVariant() {
        return Comparator.comparing(platform ->
                normalized(platform.os, platform.architecture, platform.variant).level());
    }

    private VariantLevel level() {
        return VariantLevel.of(architecture, variant);
    }

    /** {@code os/architecture[/variant]}. */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null ? "" : "/" + variant);
    }

    private static Platform normalized(String os, String arch, @Nullable String given) {
        String variant = given == null || given.isEmpty() ? null : given;
        return switch (arch) {
            case "x86_64", "x86-64", "amd64" -> of(os, "amd64", "v1".equals(variant) ? null : variant);
            case "aarch64", "arm64" -> of(os, "arm64", "v8".equals(variant) ? null : variant);
            case "armhf" -> of(os, "arm", "v7");
            case "armel" -> of(os, "arm", "v6");
            case "arm" -> of(os, "arm", variant == null ? "v7" : variant);
            case "i386" -> of(os, "386", variant);
            default -> of(os, arch, variant);
        };
    }
}
