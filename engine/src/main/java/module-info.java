/** The services a user thinks in: images, containers, volumes, networks, builds, events, system. */
module dev.forno.engine {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.linux;
    requires transitive dev.forno.store;
    requires dev.forno.http;
    requires dev.forno.registry;
    requires transitive dev.forno.runtime;
    requires transitive dev.forno.network;
    requires dev.forno.build;
    requires io.avaje.jsonb;

    exports dev.forno.engine;
    exports dev.forno.engine.builds;
    exports dev.forno.engine.containers;
    exports dev.forno.engine.events;
    exports dev.forno.engine.images;
    exports dev.forno.engine.networks;
    exports dev.forno.engine.system;
    exports dev.forno.engine.volumes;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.engine.jsonb.GeneratedJsonComponent;
}
