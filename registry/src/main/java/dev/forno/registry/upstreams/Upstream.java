package dev.forno.registry.upstreams;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.util.Optional;

/**
 * Another registry, whose repositories appear here below a name.
 *
 * @param prefix the first parts of the repositories' names here; empty when all are copies
 * @param host the registry, with a port if it needs one
 */
public record Upstream(String prefix, String host) {
    /**
     * Reads {@code host}, {@code name=host} or {@code /=host}.
     *
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT}
     */
    public static Upstream parse(String text) {
        int equals = text.indexOf('=');
        String host = text.substring(equals + 1);
        String prefix = equals < 0 ? host.replaceFirst(":\\d+$", "") : text.substring(0, equals);
        boolean fine = host.matches("[A-Za-z0-9.-]+(:\\d{1,5})?")
                && (prefix.equals("/") || prefix.matches("[a-z0-9]+([._/-]+[a-z0-9]+)*"));
        if (!fine) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "read upstream " + text + ": expected host, name=host or /=host, without a scheme");
        }
        return new Upstream(prefix.equals("/") ? "" : prefix, host);
    }

    /** What a repository here is called there, when it is a copy of one there. */
    public Optional<Reference> origin(String repository) {
        String start = prefix.isEmpty() ? "" : prefix + "/";
        if (!repository.startsWith(start) || repository.length() == start.length()) {
            return Optional.empty();
        }
        String name = repository.substring(start.length());
        // Docker Hub's own images are written without their first part
        String path = host.equals(Reference.DOCKER_HUB) && name.indexOf('/') < 0 ? "library/" + name : name;
        return Optional.of(new Reference(host, path, null, null));
    }

    /** What a repository there is called here. */
    public String local(String repository) {
        return prefix.isEmpty() ? repository : prefix + "/" + repository;
    }
}
