/** The distribution protocol: resolve, fetch, push, authentication. */
module dev.forno.registry {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.http;
}
