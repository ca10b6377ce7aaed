/** Content by digest, metadata, layers, snapshots, leases and garbage collection. */
module dev.forno.store {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.linux;
}
