/** Bridges, endpoints, address allocation and published ports. */
module dev.forno.network {
    requires static org.jspecify;
    requires dev.forno.linux;
    requires dev.forno.oci;

    exports dev.forno.network.bridges;
    exports dev.forno.network.endpoints;
    exports dev.forno.network.hosts;
}
