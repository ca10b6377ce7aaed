package dev.forno.cli.credentials;

import dev.forno.cli.documents.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The credentials of registries: in the configuration file, or in the helper program that the configuration names for all
 * registries ({@code credsStore}) or for one ({@code credHelpers}).
 */
public final class Credentials {
    /** The key of Docker Hub. */
    public static final String HUB = "https://index.docker.io/v1/";

    private final ClientConfig config;

    /** The credentials of a configuration. */
    public Credentials(ClientConfig config) {
        this.config = config;
    }

    /** The configuration's key for a registry's host name. */
    public static String key(String host) {
        return host.isEmpty()
                        || host.equals("docker.io")
                        || host.equals("index.docker.io")
                        || host.equals("registry-1.docker.io")
                ? HUB
                : host.replaceFirst("^https?://", "").replaceFirst("/.*", "");
    }

    /**
     * The credential of a registry, empty when there is none.
     *
     * @throws IOException when the helper program fails
     */
    public Credential find(String server) throws IOException {
        String helper = helper(server);
        if (!helper.isEmpty()) {
            return new CredentialHelper(helper).get(server);
        }
        for (Map.Entry<String, Json> entry :
                config.document().at("auths").members().entrySet()) {
            if (entry.getKey().equals(server) || key(entry.getKey()).equals(server)) {
                return decode(server, entry.getValue());
            }
        }
        return Credential.none(server);
    }

    /**
     * The header {@code X-Registry-Config} of a build, which may need several registries.
     *
     * @throws IOException when a helper program fails
     */
    public String all() throws IOException {
        java.util.Set<String> servers = new java.util.LinkedHashSet<>(
                config.document().at("auths").members().keySet());
        servers.addAll(config.document().at("credHelpers").members().keySet());
        Map<String, Object> documents = new LinkedHashMap<>();
        for (String server : servers) {
            Credential credential = find(server);
            if (!credential.isEmpty()) {
                documents.put(server, credential.document());
            }
        }
        return Base64.getUrlEncoder().encodeToString(Json.of(documents).bytes());
    }

    private static Credential decode(String server, Json entry) throws IOException {
        String auth = entry.text("auth");
        String username = entry.text("username");
        String password = entry.text("password");
        if (!auth.isEmpty()) {
            String decoded;
            try {
                decoded = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new IOException("read credentials of " + server + ": auth is not Base64", e);
            }
            int colon = decoded.indexOf(':');
            if (colon < 0) {
                throw new IOException("read credentials of " + server + ": auth is not name:password");
            }
            username = decoded.substring(0, colon);
            password = decoded.substring(colon + 1);
        }
        return new Credential(username, password, entry.text("identitytoken"), server);
    }

    /**
     * Keeps a credential; true when it is in the plain file rather than with a helper program.
     *
     * @throws IOException when it cannot be kept
     */
    public boolean store(Credential credential) throws IOException {
        String helper = helper(credential.server());
        if (!helper.isEmpty()) {
            new CredentialHelper(helper).store(credential);
            config.setAuth(credential.server(), Map.of());
            config.write();
            return false;
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        String pair = credential.username() + ":" + credential.password();
        entry.put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        if (!credential.identityToken().isEmpty()) {
            entry.put("identitytoken", credential.identityToken());
        }
        config.setAuth(credential.server(), entry);
        config.write();
        return true;
    }

    /**
     * Forgets a registry's credential; false when there was none.
     *
     * @throws IOException when it cannot be removed
     */
    public boolean erase(String server) throws IOException {
        String helper = helper(server);
        boolean known = config.document().at("auths").members().containsKey(server);
        if (!helper.isEmpty()) {
            new CredentialHelper(helper).erase(server);
        }
        if (known) {
            config.setAuth(server, null);
            config.write();
        }
        return known || !helper.isEmpty();
    }

    private String helper(String server) {
        String own = config.document().at("credHelpers").text(server);
        return own.isEmpty() ? config.document().text("credsStore") : own;
    }
}
