package dev.forno.http.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's TLS context from PEM files. */
final class TlsContext {
    private static final char[] NO_PASSWORD = new char[0];

    private TlsContext() {}

    static SslContextFactory.Server factory(TlsFiles files) throws IOException {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        try {
            factory.setSslContext(context(files));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "start TLS with " + files.certificate() + " and " + files.key() + ": " + e.getMessage(), e);
        }
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setNeedClientAuth(files.clientCa().isPresent());
        return factory;
    }

    private static SSLContext context(TlsFiles files) throws IOException, GeneralSecurityException {
        List<Certificate> chain = certificates(files.certificate());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, NO_PASSWORD);
        keys.setKeyEntry(
                "server",
                Pem.privateKey(Files.readString(files.key()), chain.getFirst().getPublicKey()),
                NO_PASSWORD,
                chain.toArray(Certificate[]::new));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        Path clientCa = files.clientCa().orElse(null);
        context.init(keyManagers.getKeyManagers(), clientCa == null ? null : trust(clientCa), null);
        return context;
    }

    private static TrustManager @Nullable [] trust(Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        int count = 0;
        for (Certificate certificate : certificates(file)) {
            trusted.setCertificateEntry("ca-" + count++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<Certificate> found = Pem.certificates(Files.readString(file));
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no certificate in PEM form");
        }
        return found;
    }
}
