package dev.forno.http.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS by files that are looked at before every connection and read again when one of them has changed. While the new ones
 * can't be used, as between the change of a certificate and that of its key, the earlier ones stay in force; the new ones are
 * tried again after a while, as the reason need not lie in the files. Connections that are open go on.
 */
final class WatchedTls extends SslContextFactory.Server {
    private static final Logger LOG = System.getLogger(WatchedTls.class.getName());

    /** After a failure files that haven't changed are left alone for so long. */
    private static final Duration REST = Duration.ofMinutes(1);

    private final TlsFiles files;
    private final InstantSource clock;
    private final Reader reader;
    private final ReentrantLock reading = new ReentrantLock();
    private List<Map<String, Object>> stamps;
    private Instant again = Instant.MAX;

    /** Makes a context of the files. */
    @FunctionalInterface
    interface Reader {
        /** Throws {@link IOException} when they can't be used. */
        SSLContext read(TlsFiles files) throws IOException;
    }

    /** Reads the files for the first time; throws {@link IOException} when they can't be used. */
    WatchedTls(TlsFiles files) throws IOException {
        this(files, InstantSource.system(), TlsContext::of);
    }

    WatchedTls(TlsFiles files, InstantSource clock, Reader reader) throws IOException {
        this.files = files;
        this.clock = clock;
        this.reader = reader;
        stamps = stamps(files);
        setSslContext(reader.read(files));
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
            if (!now.equals(stamps) || !clock.instant().isBefore(again)) {
                stamps = now; // first: what changes during the reading is read again
                again = clock.instant().plus(REST); // unless this succeeds
                SSLContext context = reader.read(files);
                reload(factory -> factory.setSslContext(context));
                again = Instant.MAX;
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
