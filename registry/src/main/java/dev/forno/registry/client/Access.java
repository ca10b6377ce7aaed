package dev.forno.registry.client;

/** What a repository is opened for: decides the scope of the tokens asked for. */
public enum Access {
    /** Reading. */
    PULL("pull"),
    /** Reading and writing. */
    PUSH("pull,push");

    private final String actions;

    Access(String actions) {
        this.actions = actions;
    }

    /** The scope of a repository (Docker's token specification). */
    String scope(String repository) {
        return "repository:" + repository + ":" + actions;
    }
}
