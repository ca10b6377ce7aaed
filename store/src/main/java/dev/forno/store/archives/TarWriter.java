package dev.forno.store.archives;

import dev.forno.linux.files.FileNames;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a tar archive as a stream: ustar headers, and a PAX header before an entry only for what ustar can't hold. The
 * same entries give the same bytes. {@link #finish} ends the archive; the stream stays the caller's. For one thread.
 */
public final class TarWriter {
    private static final byte[] ZEROS = new byte[TarBlock.SIZE * 2];

    private final OutputStream out;
    private final EntryListener listener;
    private long entries;
    private long position;

    /** Writes to {@code out}, which should be buffered. */
    public TarWriter(OutputStream out) {
        this(out, (entry, contentAt) -> {});
    }

    /** Writes to {@code out}, which should be buffered, and tells {@code listener} of every entry. */
    public TarWriter(OutputStream out, EntryListener listener) {
        this.out = out;
        this.listener = listener;
    }

    /** Is told where entries lie in the archive. */
    public interface EntryListener {
        /**
         * An entry whose header was written.
         *
         * @param contentAt the position in the archive at which its content follows
         */
        void written(TarEntry entry, long contentAt);
    }

    /** The bytes written so far. */
    public long position() {
        return position;
    }

    /** How many entries were written. */
    public long entries() {
        return entries;
    }

    /** Writes an entry that has no content: anything but a file, or an empty file. */
    public void add(TarEntry entry) throws IOException {
        add(entry, InputStream.nullInputStream());
    }

    /**
     * Writes an entry with its content.
     *
     * @param content must hold exactly {@code entry.size()} bytes; not closed
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} when the content is shorter, as when a file was cut
     *     while it was read; what is longer is left
     */
    public void add(TarEntry entry, InputStream content) throws IOException {
        header(entry);
        long left = size(entry);
        byte[] buffer = new byte[(int) Math.min(1 << 17, left)];
        while (left > 0) {
            int n = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new FornoException(
                        ErrorKind.FAILED_PRECONDITION,
                        "archive \"" + entry.name() + "\": it became shorter while it was read");
            }
            write(buffer, n);
            left -= n;
        }
        pad(size(entry));
    }

    /** Writes the end of the archive and flushes. */
    public void finish() throws IOException {
        write(ZEROS, ZEROS.length);
        out.flush();
    }

    private void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
        position += length;
    }

    private static long size(TarEntry entry) {
        return entry.type() == TarType.FILE ? entry.size() : 0;
    }

    private void pad(long size) throws IOException {
        write(ZEROS, (int) (-size & (TarBlock.SIZE - 1)));
    }

    private void header(TarEntry entry) throws IOException {
        String name = entry.type() == TarType.DIRECTORY ? entry.name() + "/" : entry.name();
        TarBlock block = new TarBlock(new byte[TarBlock.SIZE]);
        SortedMap<String, byte[]> pax = new TreeMap<>();
        if (!putName(block, name)) {
            pax.put("path", FileNames.encode(name));
            block.put(TarBlock.NAME, ascii(name, TarBlock.NAME.length()));
        }
        text(block, TarBlock.LINK_NAME, entry.linkName(), "linkpath", pax);
        text(block, TarBlock.USER_NAME, entry.userName(), "uname", pax);
        text(block, TarBlock.GROUP_NAME, entry.groupName(), "gname", pax);
        block.putNumber(TarBlock.MODE, entry.mode());
        number(block, TarBlock.UID, entry.uid() & 0xFFFFFFFFL, "uid", pax);
        number(block, TarBlock.GID, entry.gid() & 0xFFFFFFFFL, "gid", pax);
        number(block, TarBlock.LENGTH, size(entry), "size", pax);
        number(block, TarBlock.MAJOR, entry.major(), "SCHILY.devmajor", pax);
        number(block, TarBlock.MINOR, entry.minor(), "SCHILY.devminor", pax);
        Instant modified = entry.modified();
        long seconds = modified.getEpochSecond();
        int nanos = modified.getNano();
        block.putNumber(TarBlock.MTIME, seconds);
        if (nanos != 0 || !TarBlock.fits(TarBlock.MTIME, seconds)) {
            pax.put("mtime", seconds(modified));
        }
        Instant accessed = entry.accessed();
        if (accessed != null) {
            pax.put("atime", seconds(accessed));
        }
        entry.xattrs().forEach((key, value) -> pax.put("SCHILY.xattr." + key, value));
        if (!pax.isEmpty()) {
            paxHeader(entry, pax);
        }
        finishHeader(block, flag(entry.type()));
        entries++;
        listener.written(entry, position);
    }

    private void finishHeader(TarBlock block, char flag) throws IOException {
        block.bytes[TarBlock.TYPE] = (byte) flag;
        block.put(TarBlock.MAGIC, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        block.seal();
        write(block.bytes, block.bytes.length);
    }

    private void paxHeader(TarEntry entry, SortedMap<String, byte[]> pax) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> e : pax.entrySet()) {
            record(records, FileNames.encode(e.getKey()), e.getValue());
        }
        TarBlock block = new TarBlock(new byte[TarBlock.SIZE]);
        String base = entry.name().substring(entry.name().lastIndexOf('/') + 1);
        block.put(TarBlock.NAME, ascii("PaxHeaders.0/" + base, TarBlock.NAME.length()));
        block.putNumber(TarBlock.MODE, 0644);
        block.putNumber(TarBlock.UID, 0);
        block.putNumber(TarBlock.GID, 0);
        block.putNumber(TarBlock.LENGTH, records.size());
        block.putNumber(TarBlock.MTIME, 0);
        finishHeader(block, 'x');
        write(records.toByteArray(), records.size());
        pad(records.size());
    }

    /** Writes {@code length key=value\n}, whose length counts its own digits. */
    private static void record(ByteArrayOutputStream out, byte[] key, byte[] value) {
        int rest = key.length + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length = rest + Integer.toString(length).length();
        }
        out.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
        out.write(' ');
        out.writeBytes(key);
        out.write('=');
        out.writeBytes(value);
        out.write('\n');
    }

    /** Puts the name into name and prefix; false when it doesn't fit there. */
    private static boolean putName(TarBlock block, String name) {
        if (!isAscii(name)) {
            return false;
        }
        if (name.length() <= TarBlock.NAME.length()) {
            block.put(TarBlock.NAME, ascii(name, name.length()));
            return true;
        }
        int from = Math.min(TarBlock.PREFIX.length(), name.length() - 2);
        int slash = name.lastIndexOf('/', from);
        if (slash <= 0 || name.length() - slash - 1 > TarBlock.NAME.length()) {
            return false;
        }
        block.put(TarBlock.PREFIX, ascii(name.substring(0, slash), slash));
        block.put(TarBlock.NAME, ascii(name.substring(slash + 1), TarBlock.NAME.length()));
        return true;
    }

    private static void text(
            TarBlock block, TarBlock.Field field, String text, String key, SortedMap<String, byte[]> pax) {
        block.put(field, ascii(text, field.length()));
        if (!isAscii(text) || text.length() > field.length()) {
            pax.put(key, FileNames.encode(text));
        }
    }

    private static void number(
            TarBlock block, TarBlock.Field field, long value, String key, SortedMap<String, byte[]> pax) {
        block.putNumber(field, value);
        if (!TarBlock.fits(field, value)) {
            pax.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static byte[] seconds(Instant time) {
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        String sign = "";
        if (seconds < 0 && nanos > 0) {
            // -0.25 s is second -1 plus 0.75 s, but is written by its distance from zero
            seconds = -(seconds + 1);
            nanos = 1_000_000_000 - nanos;
            sign = "-";
        }
        String text = nanos == 0
                ? Long.toString(seconds)
                : sign + seconds + "." + "%09d".formatted(nanos).replaceAll("0+$", "");
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static byte[] ascii(String text, int limit) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII); // others become question marks
        return bytes.length <= limit ? bytes : java.util.Arrays.copyOf(bytes, limit);
    }

    private static char flag(TarType type) {
        return switch (type) {
            case FILE -> '0';
            case HARD_LINK -> '1';
            case SYMLINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }
}
