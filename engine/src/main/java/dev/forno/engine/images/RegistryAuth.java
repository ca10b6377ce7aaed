package dev.forno.engine.images;

/**
 * Credentials for a registry as Docker's clients send them; unused fields are empty.
 *
 * @param identityToken an OAuth2 refresh token in place of a password
 * @param registryToken a bearer token to be sent as it is
 */
public record RegistryAuth(String username, String password, String identityToken, String registryToken) {
    /** No credentials. */
    public static final RegistryAuth NONE = new RegistryAuth("", "", "", "");

    /** A user name and a password. */
    public static RegistryAuth basic(String username, String password) {
        return new RegistryAuth(username, password, "", "");
    }

    /** Hides the secrets. */
    @Override
    public String toString() {
        return "RegistryAuth[username=" + username + "]";
    }
}
