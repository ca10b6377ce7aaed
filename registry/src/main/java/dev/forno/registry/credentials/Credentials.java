package dev.forno.registry.credentials;

/**
 * What proves who asks; unused fields are empty.
 *
 * @param identityToken an OAuth2 refresh token in place of a password
 * @param registryToken a bearer token that is sent as it is
 */
public record Credentials(String username, String password, String identityToken, String registryToken) {
    /** Nobody in particular. */
    public static final Credentials ANONYMOUS = new Credentials("", "", "", "");

    /** A user name and a password. */
    public static Credentials basic(String username, String password) {
        return new Credentials(username, password, "", "");
    }

    /** Whether there is a user with a password. */
    public boolean hasPassword() {
        return !username.isEmpty() && !password.isEmpty();
    }

    /** Hides the secrets. */
    @Override
    public String toString() {
        return "Credentials[username=" + username + "]";
    }
}
