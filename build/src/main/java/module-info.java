/** Image builds: Dockerfile, graph, solver, cache keys, operations, exporters. */
module dev.forno.build {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires transitive dev.forno.linux;
    requires transitive dev.forno.store;
    requires transitive dev.forno.runtime;
    requires transitive dev.forno.network;
    requires io.avaje.jsonb;
    requires java.net.http;

    exports dev.forno.build.archives;
    exports dev.forno.build.caches;
    exports dev.forno.build.configs;
    exports dev.forno.build.contexts;
    exports dev.forno.build.dockerfile;
    exports dev.forno.build.solvers;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.build.caches.jsonb.GeneratedJsonComponent;
}
