package dev.forno.http.server;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts plain TCP connections that can send files without copying them. */
final class FileConnector extends ServerConnector {
    private final StandIn standIn;

    FileConnector(Server server, HttpConnectionFactory http) throws IOException {
        super(server, 0, 1, http);
        standIn = StandIn.make();
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        FileEndPoint endPoint = new FileEndPoint(channel, selector, key, getScheduler(), standIn);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }
}
