/** The distribution protocol: resolve, fetch, push, authentication. */
module dev.forno.registry {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires io.avaje.jsonb;
    requires java.net.http;

    exports dev.forno.registry.client;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.registry.documents.jsonb.GeneratedJsonComponent;
}
