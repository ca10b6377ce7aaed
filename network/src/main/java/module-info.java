/** Bridges, endpoints, address allocation and published ports. */
module dev.forno.network {
    requires static org.jspecify;
    requires dev.forno.linux;
}
