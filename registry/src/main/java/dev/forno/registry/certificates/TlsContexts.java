package dev.forno.registry.certificates;

import dev.forno.http.Pem;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Makes TLS contexts of {@link Trust}. The system's authorities are those of the Java runtime and of the system's bundle. */
public final class TlsContexts {
    private static final List<Path> BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"));
    private static final char[] NO_PASSWORD = new char[0];
    private static final String EMPTY = "it holds no certificate";

    private TlsContexts() {}

    /**
     * A context; throws {@link ErrorKind#FAILED_PRECONDITION} naming the file that can't be used.
     *
     * @param environment where {@code SSL_CERT_FILE} may name another bundle
     */
    public static SSLContext of(Trust trust, Map<String, String> environment) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trusted =
                    trust.verified() ? trusted(trust, environment) : new TrustManager[] {new Everyone()};
            context.init(keys(trust), trusted, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "prepare TLS: " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(Trust trust) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        for (Trust.KeyFiles pair : trust.keys()) {
            List<X509Certificate> chain = certificates(pair.certificate());
            if (chain.isEmpty()) {
                throw unusable("certificates", pair.certificate(), new GeneralSecurityException(EMPTY));
            }
            try {
                store.setKeyEntry(
                        pair.key().toString(),
                        Pem.privateKey(pair.key(), chain.getFirst().getPublicKey()),
                        NO_PASSWORD,
                        chain.toArray(X509Certificate[]::new));
            } catch (GeneralSecurityException | IOException e) {
                throw unusable("key", pair.key(), e);
            }
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trusted(Trust trust, Map<String, String> environment)
            throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        TrustManagerFactory standard = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        standard.init((KeyStore) null);
        for (TrustManager one : standard.getTrustManagers()) {
            if (one instanceof X509TrustManager manager) {
                add(store, "runtime", List.of(manager.getAcceptedIssuers()));
            }
        }
        String named = environment.getOrDefault("SSL_CERT_FILE", "");
        for (Path bundle : named.isEmpty() ? BUNDLES : List.of(Path.of(named))) {
            if (Files.isReadable(bundle)) {
                add(store, bundle.toString(), certificates(bundle));
                break;
            }
        }
        for (Path file : trust.authorities()) {
            List<X509Certificate> own = certificates(file);
            if (own.isEmpty()) {
                throw unusable("certificates", file, new GeneralSecurityException(EMPTY));
            }
            add(store, file.toString(), own);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static void add(KeyStore store, String source, List<X509Certificate> certificates)
            throws GeneralSecurityException {
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry(source + "#" + i, certificates.get(i));
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return Pem.certificates(file);
        } catch (GeneralSecurityException | IOException e) {
            throw unusable("certificates", file, e);
        }
    }

    private static FornoException unusable(String what, Path file, Exception cause) {
        return new FornoException(
                ErrorKind.FAILED_PRECONDITION, "read " + what + " in " + file + ": " + cause.getMessage(), cause);
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** Trusts whoever answers; for registries that the administrator calls insecure. */
    private static final class Everyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
