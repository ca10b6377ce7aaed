package dev.forno.registry.certificates;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys in PEM (RFC 7468). */
final class Pem {
    private static final int LIMIT = 16 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final byte[] VERSION = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Pem() {}

    /** All certificates of a file; other blocks are passed over. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text(file));
        while (blocks.find()) {
            if (blocks.group(1).endsWith("CERTIFICATE")) {
                byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
                found.add((X509Certificate) factory.generateCertificate(new java.io.ByteArrayInputStream(der)));
            }
        }
        return found;
    }

    /** The first private key of a file: PKCS#8, PKCS#1 or SEC 1. */
    static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher blocks = BLOCK.matcher(text(file));
        while (blocks.find()) {
            byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
            switch (blocks.group(1)) {
                case "PRIVATE KEY" -> {
                    return pkcs8(der);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(sequence(VERSION, RSA, tagged(0x04, der)));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(sequence(VERSION, sequence(EC, curve(der)), tagged(0x04, der)));
                }
                default -> {}
            }
        }
        throw new GeneralSecurityException("it holds no private key without a password");
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        GeneralSecurityException first = null;
        for (String algorithm : List.of("RSA", "EC", "Ed25519", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                first = first == null ? e : first;
            }
        }
        throw new GeneralSecurityException("its private key is of an unknown kind", first);
    }

    /** The curve's identifier in an EC key (RFC 5915: the element tagged 0). */
    private static byte[] curve(byte[] key) throws GeneralSecurityException {
        for (int at = 2; at + 3 < key.length; at++) {
            if ((key[at] & 0xff) == 0xa0 && key[at + 2] == 0x06 && key[at + 1] == key[at + 3] + 2) {
                return java.util.Arrays.copyOfRange(key, at + 2, at + 2 + key[at + 1]);
            }
        }
        throw new GeneralSecurityException("its EC key doesn't name its curve");
    }

    private static byte[] sequence(byte[]... elements) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] element : elements) {
            all.writeBytes(element);
        }
        return tagged(0x30, all.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
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

    private static String text(Path file) throws IOException {
        if (Files.size(file) > LIMIT) {
            throw new IOException("it is larger than " + LIMIT + " bytes");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
