package dev.forno.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that can't be read for a reason that isn't in them, as too many open ones. */
class WatchedTlsTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private boolean fails;
    private int readings;

    private SSLContext read(SSLContext context) throws IOException {
        readings++;
        if (fails) {
            throw new IOException("too many open files");
        }
        return context;
    }

    @Test
    void aFailureThatPassesIsTriedAgainAfterAWhile(@TempDir Path directory) throws Exception {
        Path certificate = Files.writeString(directory.resolve("cert.pem"), "first");
        TlsFiles files = new TlsFiles(certificate, certificate, Optional.empty());
        SSLContext context = SSLContext.getDefault();
        WatchedTls tls = new WatchedTls(files, () -> now, given -> read(context));
        tls.start();
        try {
            tls.newSSLEngine();
            assertEquals(1, readings);
            fails = true;
            Files.writeString(certificate, "changed");
            tls.newSSLEngine();
            tls.newSSLEngine();
            assertEquals(2, readings);
            assertSame(context, tls.getSslContext());
            fails = false;
            now = now.plus(Duration.ofMinutes(1));
            tls.newSSLEngine();
            assertEquals(3, readings);
            // what succeeded is read again only when it changes
            now = now.plus(Duration.ofDays(1));
            tls.newSSLEngine();
            assertEquals(3, readings);
        } finally {
            tls.stop();
        }
    }
}
