/** The services a user thinks in: images, containers, volumes, networks, builds, events, system. */
module dev.forno.engine {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.linux;
    requires dev.forno.store;
    requires dev.forno.http;
    requires dev.forno.registry;
    requires dev.forno.runtime;
    requires dev.forno.network;
    requires dev.forno.build;

    exports dev.forno.engine.builds;
    exports dev.forno.engine.images;
}
