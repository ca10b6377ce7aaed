package dev.forno.http.server;

import dev.forno.http.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's TLS context from PEM files. */
final class TlsContext {
    private static final char[] NO_PASSWORD = new char[0];

    private TlsContext() {}

    /** Throws {@link IOException}, naming the files, when they can't be used. */
    static SSLContext of(TlsFiles files) throws IOException {
        try {
            return context(files);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "start TLS with " + files.certificate() + " and " + files.key() + ": " + e.getMessage(), e);
        }
    }

    private static SSLContext context(TlsFiles files) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = certificates(files.certificate());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, NO_PASSWORD);
        keys.setKeyEntry(
                "server",
                Pem.privateKey(files.key(), chain.getFirst().getPublicKey()),
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

    private static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> found = Pem.certificates(file);
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no certificate in PEM form");
        }
        return found;
    }
}
