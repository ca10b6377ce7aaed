package dev.forno.http.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM text (RFC 7468). */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pem() {}

    static List<Certificate> certificates(String text) throws GeneralSecurityException {
        List<Certificate> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Matcher m = BLOCK.matcher(text); m.find(); ) {
            if (m.group(1).equals("CERTIFICATE")) {
                found.add(factory.generateCertificate(new ByteArrayInputStream(decode(m.group(2)))));
            }
        }
        return found;
    }

    /** The first private key of the text, which must belong to {@code partner}: its algorithm is that one's. */
    static PrivateKey privateKey(String text, PublicKey partner) throws GeneralSecurityException {
        for (Matcher m = BLOCK.matcher(text); m.find(); ) {
            switch (m.group(1)) {
                case "PRIVATE KEY" -> {
                    return key(decode(m.group(2)), partner);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return key(wrap(decode(m.group(2)), partner), partner);
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new GeneralSecurityException("the private key is encrypted; decrypt it with openssl pkey");
                default -> {
                    // parameters of a curve, or the certificate in the same file
                }
            }
        }
        throw new GeneralSecurityException("there is no private key in PEM form");
    }

    private static PrivateKey key(byte[] pkcs8, PublicKey partner) throws GeneralSecurityException {
        return KeyFactory.getInstance(partner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /**
     * Puts a key of an older form into a PKCS #8 envelope: version, algorithm and key. The algorithm is written in the
     * public key just so: its encoding is a sequence that begins with it (RFC 5280, 4.1; RFC 5958, 2).
     */
    private static byte[] wrap(byte[] key, PublicKey partner) throws GeneralSecurityException {
        byte[] spki = partner.getEncoded();
        int start = headerLength(spki, 0);
        int length = headerLength(spki, start) + contentLength(spki, start);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(VERSION_0);
        body.write(spki, start, length);
        body.writeBytes(element(OCTETS, key));
        return element(SEQUENCE, body.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static int headerLength(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return first < 0x80 ? 2 : 2 + (first & 0x7f);
    }

    private static int contentLength(byte[] der, int at) throws GeneralSecurityException {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        if (first > 0x82) {
            throw new GeneralSecurityException("the certificate's public key is too large");
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    }
}
