/** Values of the OCI specifications: digests, descriptors, references, manifests, image configurations, and error kinds. */
module dev.forno.oci {
    requires static org.jspecify;
    requires transitive io.avaje.jsonb;

    exports dev.forno.oci;
    exports dev.forno.oci.patterns;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.oci.jsonb.GeneratedJsonComponent;
}
