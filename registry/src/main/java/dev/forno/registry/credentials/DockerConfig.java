package dev.forno.registry.credentials;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.registry.documents.AuthDocument;
import dev.forno.registry.documents.ConfigDocument;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of Docker's {@code config.json}: those of the helper program named for the registry ({@code credHelpers}) or
 * for all ({@code credsStore}), else those written down ({@code auths}). The file is read at each call. Thread-safe.
 */
public final class DockerConfig {
    private static final int LIMIT = 4 << 20;
    private static final String HUB = "https://index.docker.io/v1/";
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private final @Nullable Path file;
    private final Duration helperTimeout;
    private final String searchPath;

    /**
     * @param file the file, which may be missing, or null for no credentials at all
     * @param helperTimeout for a helper program to answer
     * @param searchPath folders of helper programs, joined by colons, as in {@code PATH}
     */
    public DockerConfig(@Nullable Path file, Duration helperTimeout, String searchPath) {
        this.file = file;
        this.helperTimeout = helperTimeout;
        this.searchPath = searchPath;
    }

    /**
     * The credentials for {@code host[:port]}; those of nobody when there are none.
     *
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} when the file can't be read or a helper fails
     */
    public Credentials of(String host) {
        if (file == null || !Files.exists(file)) {
            return Credentials.ANONYMOUS;
        }
        ConfigDocument config = read(file);
        String key = key(host);
        String helper = helper(config, key, host);
        if (!helper.isEmpty()) {
            return CredentialHelper.find(helper, searchPath, helperTimeout).get(key);
        }
        Map<String, AuthDocument> auths = config.auths();
        if (auths == null) {
            return Credentials.ANONYMOUS;
        }
        AuthDocument exact = auths.get(key);
        if (exact != null) {
            return decode(key, exact);
        }
        return auths.entrySet().stream()
                .filter(entry -> key(entry.getKey()).equals(key))
                .findFirst()
                .map(entry -> decode(key, entry.getValue()))
                .orElse(Credentials.ANONYMOUS);
    }

    private static String helper(ConfigDocument config, String key, String host) {
        Map<String, String> own = config.credHelpers();
        if (own != null) {
            for (String name : new String[] {key, host, key.equals(HUB) ? "docker.io" : key}) {
                String helper = own.get(name);
                if (helper != null && !helper.isEmpty()) {
                    return helper;
                }
            }
        }
        String all = config.credsStore();
        return all == null ? "" : all;
    }

    /** Docker's key of a registry: its host without scheme and path; Docker Hub has an address. */
    private static String key(String host) {
        String bare = host.replaceFirst("^https?://", "").replaceFirst("/.*", "");
        return switch (bare) {
            case "docker.io", "index.docker.io", "registry-1.docker.io" -> HUB;
            default -> bare;
        };
    }

    private static ConfigDocument read(Path file) {
        try {
            if (Files.size(file) > LIMIT) {
                throw new IOException("it is larger than " + LIMIT + " bytes");
            }
            ConfigDocument config = JSONB.type(ConfigDocument.class).fromJson(Files.readAllBytes(file));
            return config == null ? new ConfigDocument(null, null, null) : config;
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION, "read credentials in " + file + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // The cause would quote the text, which holds secrets.
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION, "read credentials in " + file + ": it is not the JSON expected");
        }
    }

    private static Credentials decode(String key, AuthDocument entry) {
        String auth = text(entry.auth());
        String username = text(entry.username());
        String password = text(entry.password());
        if (!auth.isEmpty()) {
            String pair = pair(key, auth);
            int colon = pair.indexOf(':');
            username = pair.substring(0, colon);
            password = pair.substring(colon + 1).replaceFirst("\0+$", "");
        }
        return new Credentials(username, password, text(entry.identityToken()), text(entry.registryToken()));
    }

    private static String pair(String key, String auth) {
        try {
            String pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
            if (pair.indexOf(':') >= 0) {
                return pair;
            }
        } catch (IllegalArgumentException e) {
            // The cause would quote the text.
            throw malformed(key);
        }
        throw malformed(key);
    }

    private static FornoException malformed(String key) {
        return new FornoException(
                ErrorKind.FAILED_PRECONDITION, "read credentials of " + key + ": auth is not name:password in Base64");
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
