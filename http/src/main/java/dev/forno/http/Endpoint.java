package dev.forno.http;

import java.nio.file.Path;

/** An address that an HTTP server listens on or a client connects to. */
public sealed interface Endpoint {
    /** The TCP port of the Docker API without TLS, used when a {@code tcp://} address names none. */
    int DEFAULT_TCP_PORT = 2375;

    /** A Unix domain socket. */
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /** A TCP host and port; port 0 asks a server for any free port. */
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return "tcp://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Parses {@code unix:///path}, {@code tcp://host[:port]} or {@code http://host[:port]}, as {@code DOCKER_HOST} holds it.
     *
     * @throws IllegalArgumentException when {@code text} has another form
     */
    static Endpoint parse(String text) {
        if (text.startsWith("unix://") && text.length() > "unix://".length()) {
            return new Unix(Path.of(text.substring("unix://".length())));
        }
        for (String scheme : new String[] {"tcp://", "http://"}) {
            if (text.startsWith(scheme)) {
                return tcp(text, text.substring(scheme.length()));
            }
        }
        throw new IllegalArgumentException("parse address " + text + ": expected unix:///path or tcp://host:port");
    }

    private static Tcp tcp(String text, String rest) {
        String authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = hasPort ? Integer.parseInt(authority.substring(colon + 1)) : DEFAULT_TCP_PORT;
            if (host.isEmpty() || host.indexOf('/') >= 0 || port < 0 || port > 0xffff) {
                throw new IllegalArgumentException("parse address " + text + ": expected tcp://host:port");
            }
            return new Tcp(host, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("parse address " + text + ": the port is not a number", e);
        }
    }
}
