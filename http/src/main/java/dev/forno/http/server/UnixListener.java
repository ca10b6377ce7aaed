package dev.forno.http.server;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * Binds a Unix socket inside a directory that only its owner may enter, sets its mode, and moves it to its place, so that
 * nobody can connect in between.
 */
final class UnixListener {
    private final Listener.Unix listener;
    private final Path directory;
    private final Path bound;
    private final UnixDomainServerConnector connector;
    private boolean published;
    private Object inode = "";

    private UnixListener(Listener.Unix listener, Path directory, UnixDomainServerConnector connector) {
        this.listener = listener;
        this.directory = directory;
        this.bound = connector.getUnixDomainPath();
        this.connector = connector;
    }

    static UnixListener prepare(Listener.Unix listener, Server server, HttpConnectionFactory http) throws IOException {
        Path path = listener.path();
        refuseLive(path);
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("listen at " + path + ": it is a directory");
        }
        Files.createDirectories(parent);
        Path directory = Files.createDirectory(
                parent.resolve(".s" + ProcessHandle.current().pid() + Long.toHexString(System.nanoTime())),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 0, 1, http);
        connector.setUnixDomainPath(directory.resolve("s"));
        return new UnixListener(listener, directory, connector);
    }

    UnixDomainServerConnector connector() {
        return connector;
    }

    Path path() {
        return listener.path();
    }

    void publish() throws IOException {
        Files.setPosixFilePermissions(bound, listener.mode());
        if (listener.group().isPresent()) {
            giveTo(listener.group().get());
        }
        inode = Files.getAttribute(bound, "unix:ino");
        Files.move(bound, listener.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        published = true;
        Files.deleteIfExists(directory);
    }

    void remove() {
        try {
            // Another server may have taken the place after this one stopped answering.
            if (published && inode.equals(Files.getAttribute(listener.path(), "unix:ino", LinkOption.NOFOLLOW_LINKS))) {
                Files.deleteIfExists(listener.path());
            }
            Files.deleteIfExists(bound);
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // A file that is left over is replaced at the next start.
        }
    }

    private void giveTo(String group) throws IOException {
        try {
            GroupPrincipal principal =
                    bound.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            Files.getFileAttributeView(bound, PosixFileAttributeView.class).setGroup(principal);
        } catch (UserPrincipalNotFoundException e) {
            // Without that group the socket stays with its owner alone, which is the safe side.
        }
    }

    private static void refuseLive(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return;
        }
        throw new BindException("listen at " + path + ": another engine answers there");
    }
}
