package dev.forno.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files (RFC 7468). What the files hold besides is passed over. */
public final class Pem {
    private static final int LIMIT = 16 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pem() {}

    /**
     * All certificates of a file, in its order.
     *
     * @throws IOException when the file can't be read or is larger than 16 MiB
     * @throws GeneralSecurityException when one of them is malformed
     */
    public static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Matcher m = BLOCK.matcher(text(file)); m.find(); ) {
            if (m.group(1).endsWith("CERTIFICATE")) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decode(m.group(2)))));
            }
        }
        return found;
    }

    /**
     * The first private key of a file: PKCS #8, or RSA and EC keys in their older forms.
     *
     * @param partner the public key of the certificate that it must belong to
     * @throws IOException when the file can't be read or is larger than 16 MiB
     * @throws GeneralSecurityException when there is none, when it is encrypted, or when it is another certificate's
     */
    public static PrivateKey privateKey(Path file, PublicKey partner) throws IOException, GeneralSecurityException {
        PrivateKey key = firstKey(text(file), partner);
        if (!belongTogether(key, partner)) {
            throw new GeneralSecurityException("the private key is not that of the certificate");
        }
        return key;
    }

    private static PrivateKey firstKey(String text, PublicKey partner) throws GeneralSecurityException {
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

    private static boolean belongTogether(PrivateKey key, PublicKey partner) throws GeneralSecurityException {
        if (key instanceof RSAKey own && partner instanceof RSAKey other) {
            return own.getModulus().equals(other.getModulus());
        }
        Signature signature = Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA");
        signature.initSign(key);
        signature.update(VERSION_0);
        byte[] signed = signature.sign();
        signature.initVerify(partner);
        signature.update(VERSION_0);
        return signature.verify(signed);
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                throw new IOException(file + " is larger than " + LIMIT + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
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
