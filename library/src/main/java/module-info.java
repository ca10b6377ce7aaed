/** The library entry, the daemon and all wiring. */
module dev.forno {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires transitive dev.forno.dockerapi;
    requires transitive dev.forno.engine;
    requires transitive dev.forno.http;
    requires dev.forno.linux;
    requires transitive dev.forno.store;
    requires dev.forno.registry;
    requires dev.forno.runtime;
    requires dev.forno.network;
    requires dev.forno.build;
    requires dev.forno.cli;
    requires java.logging;

    exports dev.forno;
}
