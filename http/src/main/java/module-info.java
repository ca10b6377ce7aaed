/** HTTP server and client plumbing over TCP and Unix sockets. */
module dev.forno.http {
    requires static org.jspecify;
}
