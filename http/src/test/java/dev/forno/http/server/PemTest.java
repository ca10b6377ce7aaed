package dev.forno.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
            String text = "leading words\n" + Certificates.pem(algorithm + " PRIVATE KEY", inner);
            assertEquals(key, Pem.privateKey(text, made.certificate().getPublicKey()), algorithm);
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
        String text = Certificates.pem("CERTIFICATE", made.certificate().getEncoded());
        assertEquals(made.certificate(), Pem.certificates(text).getFirst());
        assertThrows(
                GeneralSecurityException.class,
                () -> Pem.privateKey(text, made.certificate().getPublicKey()));
    }
}
