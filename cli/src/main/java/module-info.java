/** The forno command. */
module dev.forno.cli {
    requires static org.jspecify;
    requires dev.forno.http;
    requires dev.forno.linux;
    requires dev.forno.oci;
    requires io.avaje.json;
    requires jdk.unsupported;

    exports dev.forno.cli;
}
