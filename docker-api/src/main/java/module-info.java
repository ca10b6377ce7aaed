/** The Docker Engine API: routes, JSON models, hijacked streams. */
module dev.forno.dockerapi {
    requires static org.jspecify;
    requires transitive dev.forno.engine;
    requires transitive dev.forno.http;
    requires io.avaje.jsonb;

    exports dev.forno.dockerapi;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.dockerapi.models.jsonb.GeneratedJsonComponent;
}
