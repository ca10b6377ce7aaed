/** The distribution protocol: resolve, fetch, push, authentication. */
module dev.forno.registry {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires transitive dev.forno.http;
    requires transitive dev.forno.store;
    requires bcrypt;
    requires io.avaje.jsonb;
    requires com.electronwill.nightconfig.core;
    requires com.electronwill.nightconfig.toml;
    requires java.net.http;

    exports dev.forno.registry.client;
    exports dev.forno.registry.credentials;
    exports dev.forno.registry.repositories;
    exports dev.forno.registry.server;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.registry.documents.jsonb.GeneratedJsonComponent;
}
