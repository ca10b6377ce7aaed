package dev.forno.registry.server;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may use a registry. The files are read again when they change.
 *
 * @param htpasswd users and their bcrypt hashes, as {@code htpasswd -B} writes them
 * @param rights who may do what in which repositories; without it every user may do everything and others nothing
 * @param tokens how users get tokens; without it they send their password with every request
 */
public record Users(Path htpasswd, Optional<Path> rights, Optional<TokenService> tokens) {
    /**
     * How tokens are given.
     *
     * @param key where the key lies that they are signed with, made when missing
     * @param publicUrl where clients reach the registry, as {@code https://registry.example.com}; without it where they say
     *     that they do, by what this registry speaks itself
     */
    public record TokenService(Path key, Optional<URI> publicUrl) {
        /** Checks the address; throws {@link ErrorKind#INVALID_ARGUMENT}. */
        public TokenService {
            publicUrl.ifPresent(TokenService::check);
        }

        private static void check(URI url) {
            boolean fine = ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getRawPath().matches("/?");
            if (!fine) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "read public URL " + url + ": expected one as https://registry.example.com, without a path");
            }
        }
    }
}
