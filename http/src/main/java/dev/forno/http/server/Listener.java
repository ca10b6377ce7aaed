package dev.forno.http.server;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A place to accept connections at. */
public sealed interface Listener {
    /**
     * A Unix socket. It appears at {@code path} with its final mode and group, never with wider ones. A stale file of an
     * earlier process is replaced; a socket that still answers is not.
     *
     * @param group the name of the group that the file is given to, when it exists
     */
    record Unix(Path path, Set<PosixFilePermission> mode, Optional<String> group) implements Listener {}

    /** A TCP address; port 0 means any free one. */
    record Tcp(String host, int port) implements Listener {}

    /** A TCP address where TLS (1.2 or 1.3) is spoken; port 0 means any free one. */
    record Tls(String host, int port, TlsFiles files) implements Listener {}
}
