package dev.forno.http.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a representation that a {@code Range} header asks for (RFC 9110, section 14).
 *
 * @param from the first byte
 * @param length how many bytes, at least one
 */
public record ByteRange(long from, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,19})-(\\d{0,19})\\s*");

    /**
     * Reads the header for a representation of {@code size} bytes. Empty when the whole is to be sent: for another unit, a
     * malformed value, and for several ranges at once, which a server may ignore.
     *
     * @throws StatusException 416 when no byte of the range exists
     */
    public static Optional<ByteRange> parse(String header, long size) {
        Matcher m = ONE.matcher(header);
        if (!m.matches() || (m.group(1).isEmpty() && m.group(2).isEmpty())) {
            return Optional.empty();
        }
        long first = number(m.group(1));
        long last = number(m.group(2));
        if (m.group(1).isEmpty()) {
            first = Math.max(0, size - last);
            last = size - 1;
        } else if (m.group(2).isEmpty()) {
            last = size - 1;
        }
        last = Math.min(last, size - 1);
        if (first >= size || first > last) {
            throw new StatusException(416, "read range \"" + header + "\": the content has " + size + " bytes");
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    private static long number(String digits) {
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // beyond any size
        }
    }

    /** The value of {@code Content-Range} for a representation of {@code size} bytes. */
    public String contentRange(long size) {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }
}
