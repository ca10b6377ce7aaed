/** HTTP server and client plumbing over TCP and Unix sockets. */
module dev.forno.http {
    requires static org.jspecify;
    requires java.logging;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.eclipse.jetty.unixdomain.server;

    exports dev.forno.http;
    exports dev.forno.http.client;
    exports dev.forno.http.server;
}
