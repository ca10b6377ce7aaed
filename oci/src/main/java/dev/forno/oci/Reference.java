package dev.forno.oci;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A normalised image reference, {@code registry/repository[:tag][@digest]} (distribution spec, "Pulling manifests"). Short
 * names are completed as Docker completes them: {@code nginx} is {@code docker.io/library/nginx}.
 *
 * @param registry host and optional port
 * @param repository the path in the registry
 * @param tag the tag, or null
 * @param digest the manifest's digest, or null
 */
public record Reference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable Digest digest) {
    /** Docker Hub's registry, as references spell it. */
    public static final String DOCKER_HUB = "docker.io";

    private static final int MAX_NAME = 255;
    private static final int MAX_TEXT = 2 * MAX_NAME + 512; // what is longer is no reference, and only costs time
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern HOST = Pattern.compile(
            "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
                    + "|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern SPLIT = Pattern.compile("([^@]*?)(?::([^:/@]*))?(?:@(.*))?", Pattern.DOTALL);
    private static final Pattern HEX_ID = Pattern.compile("[a-f0-9]{64}");

    /** Parses what a user wrote; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's text. */
    public static Reference parse(String text) {
        Matcher m = SPLIT.matcher(text);
        if (text.isEmpty() || text.length() > MAX_TEXT || !m.matches()) {
            throw invalid();
        }
        String name = Objects.requireNonNullElse(m.group(1), "");
        String tag = m.group(2);
        String digest = m.group(3);
        if (HEX_ID.matcher(name).matches()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid repository name (" + name + "), cannot specify 64-byte hexadecimal strings");
        }
        int slash = name.indexOf('/');
        String head = slash < 0 ? "" : name.substring(0, slash);
        boolean hasHost = slash > 0 && isHost(head);
        String registry = hasHost ? head : DOCKER_HUB;
        String path = hasHost ? name.substring(slash + 1) : name;
        if (registry.equals("index.docker.io")) {
            registry = DOCKER_HUB;
        }
        if (registry.equals(DOCKER_HUB) && !path.contains("/")) {
            path = "library/" + path;
        }
        if (!path.equals(lower(path))) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid reference format: repository name (" + path + ") must be lowercase");
        }
        if (registry.length() + 1 + path.length() > MAX_NAME // first: the patterns' recursion grows with the text
                || !HOST.matcher(registry).matches()
                || !PATH.matcher(path).matches()
                || (tag != null && !TAG.matcher(tag).matches())) {
            throw invalid();
        }
        return new Reference(registry, path, tag, digest == null ? null : Digest.parse(digest));
    }

    /** This reference with the tag {@code latest} when it has neither tag nor digest. */
    public Reference withDefaultTag() {
        return tag == null && digest == null ? withTag("latest") : this;
    }

    /** The same repository with another tag and no digest; throws {@link ErrorKind#INVALID_ARGUMENT} for a malformed tag. */
    public Reference withTag(String newTag) {
        if (!TAG.matcher(newTag).matches()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid tag format");
        }
        return new Reference(registry, repository, newTag, null);
    }

    /** The same repository at a digest, without tag. */
    public Reference withDigest(Digest newDigest) {
        return new Reference(registry, repository, null, newDigest);
    }

    /** The tag, when there is one. */
    public Optional<String> optionalTag() {
        return Optional.ofNullable(tag);
    }

    /** {@code registry/repository}, complete. */
    public String name() {
        return registry + "/" + repository;
    }

    /**
     * The name as Docker shows it: without {@code docker.io} and {@code library/}. It is left complete where the short form
     * would name another registry.
     */
    public String familiarName() {
        int slash = repository.indexOf('/');
        boolean looksLikeHost = slash > 0 && isHost(repository.substring(0, slash));
        if (!registry.equals(DOCKER_HUB) || looksLikeHost) {
            return name();
        }
        return repository.startsWith("library/") && repository.indexOf('/', "library/".length()) < 0
                ? repository.substring("library/".length())
                : repository;
    }

    /** The reference as Docker shows it, with tag and digest. */
    public String familiar() {
        return familiarName() + suffix();
    }

    /** The complete reference, as the metadata keeps it. */
    @Override
    public String toString() {
        return name() + suffix();
    }

    private String suffix() {
        return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    /** Whether what is before the first slash names a registry, not a part of a repository. */
    private static boolean isHost(String head) {
        return head.contains(".") || head.contains(":") || head.equals("localhost") || !head.equals(lower(head));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static FornoException invalid() {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid reference format");
    }
}
