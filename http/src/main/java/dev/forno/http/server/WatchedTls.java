package dev.forno.http.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS by files that are looked at before every connection and read again when one of them has changed. While the new ones
 * can't be used, as between the change of a certificate and that of its key, the earlier ones stay in force. Connections that
 * are open go on.
 */
final class WatchedTls extends SslContextFactory.Server {
    private static final Logger LOG = System.getLogger(WatchedTls.class.getName());

    private final TlsFiles files;
    private final ReentrantLock reading = new ReentrantLock();
    private List<Map<String, Object>> stamps;

    /** Reads the files for the first time; throws {@link IOException} when they can't be used. */
    WatchedTls(TlsFiles files) throws IOException {
        this.files = files;
        stamps = stamps(files);
        setSslContext(TlsContext.of(files));
        setIncludeProtocols("TLSv1.3", "TLSv1.2");
        setNeedClientAuth(files.clientCa().isPresent());
    }

    @Override
    public SSLEngine newSSLEngine() {
        refresh();
        return super.newSSLEngine();
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        refresh();
        return super.newSSLEngine(host, port);
    }

    private void refresh() {
        reading.lock();
        try {
            List<Map<String, Object>> now = stamps(files);
            if (!now.equals(stamps)) {
                stamps = now; // first: what changes during the reading is read again
                var context = TlsContext.of(files);
                reload(factory -> factory.setSslContext(context));
                LOG.log(Level.INFO, "read the certificate " + files.certificate() + " again");
            }
        } catch (Exception e) { // the library's reload declares no less
            LOG.log(Level.WARNING, "read certificates again: " + e.getMessage() + "; the earlier ones stay in force");
        } finally {
            reading.unlock();
        }
    }

    private static List<Map<String, Object>> stamps(TlsFiles files) {
        List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
        files.clientCa().ifPresent(all::add);
        return all.stream().map(WatchedTls::stamp).toList();
    }

    private static Map<String, Object> stamp(Path file) {
        try {
            return Files.readAttributes(file, "unix:lastModifiedTime,size,ino,ctime");
        } catch (IOException e) {
            return Map.of(); // reading it tells why
        }
    }
}
