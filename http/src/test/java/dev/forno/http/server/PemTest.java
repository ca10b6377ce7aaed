package dev.forno.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.http.Pem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {
    @TempDir
    Path directory;

    @Test
    void readsKeysInTheirOlderForms() throws Exception {
        for (String algorithm : new String[] {"RSA", "EC"}) {
            Certificates made =
                    Certificates.make(directory, "of-" + algorithm.toLowerCase(java.util.Locale.ROOT), algorithm);
            Key key = made.key();
            byte[] inner = innerKey(key.getEncoded());
            Path file = file("leading words\n" + Certificates.pem(algorithm + " PRIVATE KEY", inner));
            assertEquals(key, Pem.privateKey(file, made.certificate().getPublicKey()), algorithm);
        }
    }

    /** What a PKCS #8 envelope holds: its last element, whose content ends with the envelope. */
    private static byte[] innerKey(byte[] pkcs8) {
        for (int at = 10; ; at++) {
            int length = pkcs8[at] == 4 ? length(pkcs8, at + 1) : -1;
            int header = 2 + (pkcs8[at + 1] < 0 ? pkcs8[at + 1] & 0x7f : 0);
            if (length >= 0 && at + header + length == pkcs8.length) {
                return Arrays.copyOfRange(pkcs8, at + header, pkcs8.length);
            }
        }
    }

    private static int length(byte[] der, int at) {
        if (der[at] >= 0) {
            return der[at];
        }
        int length = 0;
        for (int i = 1; i <= (der[at] & 0x7f) && i <= 3; i++) {
            length = (length << 8) | (der[at + i] & 0xff);
        }
        return length;
    }

    @Test
    void tellsWhatIsMissing() throws Exception {
        Certificates made = Certificates.make(directory, "server", "EC");
        Path file = file(Certificates.pem("CERTIFICATE", made.certificate().getEncoded()));
        assertEquals(made.certificate(), Pem.certificates(file).getFirst());
        assertEquals("there is no private key in PEM form", refusal(file, made));
    }

    @Test
    void aKeyMustBeTheCertificates() throws Exception {
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            Certificates made = Certificates.make(directory, "own" + algorithm, algorithm);
            Certificates other = Certificates.make(directory, "other" + algorithm, algorithm);
            Path file = file(Certificates.pem("PRIVATE KEY", made.key().getEncoded()));
            assertEquals(made.key(), Pem.privateKey(file, made.certificate().getPublicKey()));
            assertEquals("the private key is not that of the certificate", refusal(file, other), algorithm);
        }
    }

    @Test
    void whatIsTooLargeIsNotRead() throws Exception {
        Path file = file("");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((16 << 20) + 1);
        }
        assertThrows(IOException.class, () -> Pem.certificates(file));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("file.pem"), text);
    }

    private static String refusal(Path file, Certificates made) {
        return String.valueOf(assertThrows(
                        GeneralSecurityException.class,
                        () -> Pem.privateKey(file, made.certificate().getPublicKey()))
                .getMessage());
    }
}
