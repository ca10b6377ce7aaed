/** The Docker Engine API: routes, JSON models, hijacked streams. */
module dev.forno.dockerapi {
    requires static org.jspecify;
    requires dev.forno.engine;
    requires dev.forno.http;
}
