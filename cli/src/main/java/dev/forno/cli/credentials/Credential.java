package dev.forno.cli.credentials;

import dev.forno.cli.documents.Json;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a registry is shown.
 *
 * @param username the name, empty with an identity token alone
 * @param password the password or access token
 * @param identityToken a token for more tokens, empty when there is none
 * @param server the registry's key in the configuration
 */
public record Credential(String username, String password, String identityToken, String server) {
    /** No credential for a registry. */
    static Credential none(String server) {
        return new Credential("", "", "", server);
    }

    /** Whether there is nothing to show. */
    public boolean isEmpty() {
        return username.isEmpty() && password.isEmpty() && identityToken.isEmpty();
    }

    /** The document that the API takes. */
    public Json document() {
        Map<String, Object> members = new LinkedHashMap<>();
        put(members, "username", username);
        put(members, "password", password);
        put(members, "identitytoken", identityToken);
        put(members, "serveraddress", server);
        return Json.of(members);
    }

    /** The value of the header {@code X-Registry-Auth}. */
    public String header() {
        Json document = isEmpty() ? Json.of(Map.of()) : document();
        return Base64.getUrlEncoder().encodeToString(document.bytes());
    }

    private static void put(Map<String, Object> members, String name, String value) {
        if (!value.isEmpty()) {
            members.put(name, value);
        }
    }
}
