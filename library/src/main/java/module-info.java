/** The library entry, the daemon and all wiring. */
module dev.forno {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.linux;
    requires dev.forno.store;
    requires dev.forno.http;
    requires dev.forno.registry;
    requires dev.forno.runtime;
    requires dev.forno.network;
    requires dev.forno.build;
    requires dev.forno.engine;
    requires dev.forno.dockerapi;
    requires dev.forno.cli;
}
