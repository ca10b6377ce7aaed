package dev.forno.store.archives;

import dev.forno.linux.files.FileNames;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Extended header records, {@code length key=value\n} (POSIX pax, "pax Header Block"). */
final class PaxRecords {
    private static final String SCHILY = "SCHILY.xattr.";
    private static final String LIBARCHIVE = "LIBARCHIVE.xattr.";

    /** Every entry takes the global records over, so that a few large ones would become endlessly many. */
    private static final int MAX_RECORDS = 4096;

    private static final Pattern TIME = Pattern.compile("-?[0-9]+(\\.[0-9]*)?");

    private final Map<String, byte[]> values;

    /** The segments of the sparse format 0.0, whose keys repeat. */
    private final SparseMap segments = new SparseMap();

    private @Nullable Long pendingOffset;

    PaxRecords() {
        this.values = new LinkedHashMap<>();
    }

    /** The records of an entry over global ones. */
    PaxRecords(PaxRecords globals) {
        this.values = new LinkedHashMap<>(globals.values);
    }

    void parse(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            while (space < bytes.length && bytes[space] != ' ') {
                space++;
            }
            int end = at + recordLength(bytes, at, space);
            int equals = space + 1;
            while (equals < end && bytes[equals] != '=') {
                equals++;
            }
            if (equals >= end || bytes[end - 1] != '\n') {
                throw new MalformedTarException("an extended header record without \"=\" or end of line");
            }
            String key = FileNames.decode(bytes, space + 1, equals - space - 1);
            byte[] value = new byte[end - equals - 2];
            System.arraycopy(bytes, equals + 1, value, 0, value.length);
            put(key, value);
            at = end;
        }
    }

    private static int recordLength(byte[] bytes, int at, int space) {
        long length = 0;
        for (int i = at; i < space; i++) {
            if (bytes[i] < '0' || bytes[i] > '9' || length > bytes.length) {
                throw new MalformedTarException("an extended header record with a malformed length");
            }
            length = length * 10 + (bytes[i] - '0');
        }
        // at least one character of key, "=", newline after the space
        if (length < space - at + 4L || length > bytes.length - at) {
            throw new MalformedTarException("an extended header record with a wrong length");
        }
        return (int) length;
    }

    private void put(String key, byte[] value) {
        switch (key) {
            case "GNU.sparse.offset" -> pendingOffset = parseLong(key, text(value));
            case "GNU.sparse.numbytes" -> {
                if (pendingOffset == null) {
                    throw new MalformedTarException("GNU.sparse.numbytes without GNU.sparse.offset");
                }
                segments.add(pendingOffset, parseLong(key, text(value)));
                pendingOffset = null;
            }
            default -> {
                if (value.length == 0 && !key.startsWith(SCHILY)) {
                    values.remove(key); // an empty value takes a global one back
                } else {
                    values.put(key, value);
                    if (values.size() > MAX_RECORDS) {
                        throw new MalformedTarException("more than " + MAX_RECORDS + " extended header records");
                    }
                }
            }
        }
    }

    /** The value as text, or null. */
    @Nullable
    String text(String key) {
        byte[] value = values.get(key);
        if (value == null) {
            return null;
        }
        String text = text(value);
        if (text.indexOf('\0') >= 0) {
            throw new MalformedTarException("a zero byte in " + key);
        }
        return text;
    }

    String textOr(String key, String other) {
        String value = text(key);
        return value == null ? other : value;
    }

    long numberOr(String key, long other) {
        String value = text(key);
        return value == null ? other : parseLong(key, value);
    }

    /** The time in decimal seconds, or null. */
    @Nullable
    Instant time(String key) {
        String value = text(key);
        if (value == null) {
            return null;
        }
        if (value.length() > 40 || !TIME.matcher(value).matches()) {
            throw new MalformedTarException(key + " is not a time: " + value);
        }
        try {
            BigDecimal seconds = new BigDecimal(value);
            BigDecimal whole = seconds.setScale(0, java.math.RoundingMode.FLOOR);
            long nanos = seconds.subtract(whole).movePointRight(9).longValue();
            return Instant.ofEpochSecond(whole.longValueExact(), nanos);
        } catch (ArithmeticException | DateTimeException e) {
            throw new MalformedTarException(key + " is out of range: " + value);
        }
    }

    SortedMap<String, byte[]> xattrs() {
        if (values.isEmpty()) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        for (var entry : values.entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(LIBARCHIVE)) {
                xattrs.putIfAbsent(percentDecoded(key.substring(LIBARCHIVE.length())), base64(key, entry.getValue()));
            } else if (key.startsWith(SCHILY)) {
                xattrs.put(key.substring(SCHILY.length()), entry.getValue());
            }
        }
        return xattrs;
    }

    SparseMap segments() {
        return segments;
    }

    static long parseLong(String what, String text) {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new MalformedTarException(what + " is not a number: " + text);
    }

    private static byte[] base64(String key, byte[] value) {
        try {
            String unpadded = new String(value, StandardCharsets.ISO_8859_1).replace("=", "");
            return Base64.getDecoder().decode(unpadded);
        } catch (IllegalArgumentException e) {
            throw new MalformedTarException(key + " is not base64");
        }
    }

    private static String percentDecoded(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
                decoded.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                decoded.append(c);
            }
        }
        return decoded.toString();
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0;
    }

    private static String text(byte[] value) {
        return FileNames.decode(value);
    }
}
