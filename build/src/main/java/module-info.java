/** Image builds: Dockerfile, graph, solver, cache keys, operations, exporters. */
module dev.forno.build {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.store;
    requires dev.forno.runtime;
    requires dev.forno.network;
    requires dev.forno.registry;

    exports dev.forno.build.configs;
    exports dev.forno.build.dockerfile;
}
