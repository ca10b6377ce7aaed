package dev.forno.cli.archives;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a tar archive entry by entry: POSIX with extended heads, and GNU's long names. */
public final class TarReader {
    private static final int BLOCK = 512;
    private static final int EXTENDED_LIMIT = 1 << 20;

    private final InputStream in;
    private long left;
    private long padding;

    /** Reads a stream, which stays open. */
    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next entry, or null at the end; what is left of the one before is skipped.
     *
     * @throws IOException when the archive is broken
     */
    public @Nullable TarEntry next() throws IOException {
        Map<String, String> extended = new HashMap<>();
        while (true) {
            in.skipNBytes(left + padding);
            left = 0;
            padding = 0;
            byte[] head = in.readNBytes(BLOCK);
            if (head.length == 0 || isZero(head)) {
                return null;
            }
            if (head.length < BLOCK) {
                throw new EOFException("read archive: it ends within a head");
            }
            check(head);
            long size = number(head, 124, 12);
            int type = head[156];
            if (type == 'x' || type == 'L' || type == 'K' || type == 'g') {
                String text = extension(size);
                switch (type) {
                    case 'x' -> records(text, extended);
                    case 'L' -> extended.put("path", text.replace("\0", ""));
                    case 'K' -> extended.put("linkpath", text.replace("\0", ""));
                    default -> {
                        // global records carry comments
                    }
                }
                continue;
            }
            return entry(head, extended, type == 0 ? '0' : type, size);
        }
    }

    /** The current entry's content. */
    public InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(bytes, offset, (int) Math.min(length, left));
                if (count < 0) {
                    throw new EOFException("read archive: it ends within a file");
                }
                left -= count;
                return count;
            }
        };
    }

    private TarEntry entry(byte[] head, Map<String, String> extended, int type, long headSize) throws IOException {
        String prefix = text(head, 345, 155);
        boolean posix = text(head, 257, 6).equals("ustar");
        String plain = text(head, 0, 100);
        String name = extended.getOrDefault("path", posix && !prefix.isEmpty() ? prefix + "/" + plain : plain);
        long size = extended.containsKey("size") ? whole(extended, "size") : headSize;
        long time = number(head, 136, 12);
        Instant modified = Instant.ofEpochSecond(time);
        if (extended.containsKey("mtime")) {
            java.math.BigDecimal exact = new java.math.BigDecimal(extended.getOrDefault("mtime", "0"));
            modified =
                    Instant.ofEpochSecond(0).plusNanos(exact.movePointRight(9).longValue());
        }
        TarEntry.Type kind = TarEntry.Type.of(type);
        left = kind == TarEntry.Type.FILE ? size : 0;
        padding = (BLOCK - left % BLOCK) % BLOCK;
        return new TarEntry(
                name.endsWith("/") ? name.substring(0, name.length() - 1) : name,
                kind,
                (int) number(head, 100, 8) & 07777,
                extended.containsKey("uid") ? (int) whole(extended, "uid") : (int) number(head, 108, 8),
                extended.containsKey("gid") ? (int) whole(extended, "gid") : (int) number(head, 116, 8),
                left,
                modified,
                extended.getOrDefault("linkpath", text(head, 157, 100)));
    }

    private static long whole(Map<String, String> extended, String key) throws IOException {
        try {
            return Long.parseLong(extended.getOrDefault(key, ""));
        } catch (NumberFormatException e) {
            throw new IOException("read archive: the extended head's " + key + " is no number", e);
        }
    }

    private String extension(long size) throws IOException {
        if (size > EXTENDED_LIMIT) {
            throw new IOException("read archive: an extended head of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void records(String text, Map<String, String> extended) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int position = 0;
        while (position < bytes.length) {
            int space = position;
            while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
                space++;
            }
            int length = space == position || space - position > 8
                    ? 0
                    : Integer.parseInt(new String(bytes, position, space - position, StandardCharsets.US_ASCII));
            if (length <= space - position + 1 || position + length > bytes.length) {
                throw new IOException("read archive: malformed extended head");
            }
            String record = new String(bytes, space + 1, length - (space - position) - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals > 0) {
                extended.put(record.substring(0, equals), record.substring(equals + 1));
            }
            position += length;
        }
    }

    private static void check(byte[] head) throws IOException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : head[i] & 0xff;
        }
        if (sum != number(head, 148, 8)) {
            throw new IOException("read archive: a head's checksum is wrong");
        }
    }

    private static long number(byte[] head, int offset, int length) throws IOException {
        if ((head[offset] & 0x80) != 0) {
            long value = head[offset] & 0x7f;
            for (int i = 1; i < length; i++) {
                value = (value << 8) | (head[offset + i] & 0xff);
            }
            return value;
        }
        String text = text(head, offset, length).strip();
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text, 8);
        } catch (NumberFormatException e) {
            throw new IOException("read archive: \"" + text + "\" is no number", e);
        }
    }

    private static String text(byte[] head, int offset, int length) {
        int end = offset;
        while (end < offset + length && head[end] != 0) {
            end++;
        }
        return new String(head, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
