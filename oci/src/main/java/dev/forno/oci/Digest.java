package dev.forno.oci;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A content digest, {@code algorithm:hex} (OCI image spec, descriptor.md, "Digests"). Only the registered algorithms
 * {@code sha256} and {@code sha512} are accepted, so a digest is always safe as a file name.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the lower-case hexadecimal value, of the algorithm's length
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
    /** The algorithm used for everything that the engine itself writes. */
    public static final String SHA256 = "sha256";

    /** Checks algorithm and value; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public Digest {
        int length =
                switch (algorithm) {
                    case "sha256" -> 64;
                    case "sha512" -> 128;
                    default -> throw invalid(algorithm + ":" + hex, "unsupported algorithm");
                };
        if (hex.length() != length) {
            throw invalid(algorithm + ":" + hex, "expected " + length + " hexadecimal digits");
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                throw invalid(algorithm + ":" + hex, "not lower-case hexadecimal");
            }
        }
    }

    /** Parses {@code algorithm:hex}; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw invalid(text, "expected algorithm:hex");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The sha256 digest of {@code bytes}. */
    public static Digest of(byte[] bytes) {
        return of(newSha256().digest(bytes), SHA256);
    }

    /** The sha256 digest of all that is left in {@code in}, which is not closed. */
    public static Digest of(InputStream in) throws IOException {
        MessageDigest hash = newSha256();
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            hash.update(buffer, 0, n);
        }
        return of(hash.digest(), SHA256);
    }

    /** The digest whose raw value an accumulated {@link MessageDigest} of {@code algorithm} gave. */
    public static Digest of(byte[] value, String algorithm) {
        return new Digest(algorithm, HexFormat.of().formatHex(value));
    }

    /** A fresh accumulator for sha256. */
    public static MessageDigest newSha256() {
        return newAccumulator(SHA256);
    }

    /** A fresh accumulator for this digest's algorithm, to verify content against it. */
    public MessageDigest newAccumulator() {
        return newAccumulator(algorithm);
    }

    /** The first twelve hexadecimal digits, as people quote ids. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static MessageDigest newAccumulator(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.equals("sha512") ? "SHA-512" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256 and SHA-512", e);
        }
    }

    private static FornoException invalid(String text, String reason) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "parse digest \"" + shown + "\": " + reason);
    }
}
