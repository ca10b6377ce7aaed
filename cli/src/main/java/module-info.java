/** The forno command. */
module dev.forno.cli {
    requires static org.jspecify;
    requires dev.forno.dockerapi;
    requires dev.forno.http;
    requires dev.forno.linux;
}
