package dev.forno.cli.archives;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Writes a POSIX tar archive; names, links and sizes that the plain head cannot hold go into extended heads. */
public final class TarWriter implements Closeable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final long LARGEST = 0_77777777777L;
    private static final int LARGEST_ID = 0_7777777;

    private final OutputStream out;
    private boolean closed;

    /** Writes to a stream, which {@link #close} leaves open. */
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes an entry and its content.
     *
     * @throws IOException when the content is not as long as the entry says
     */
    public void add(TarEntry entry, InputStream content) throws IOException {
        String name = entry.type() == TarEntry.Type.DIRECTORY ? entry.name() + "/" : entry.name();
        StringBuilder extended = new StringBuilder();
        boolean longName = !fits(name);
        boolean longLink = !fits(entry.link());
        record(extended, longName, "path", name);
        record(extended, longLink, "linkpath", entry.link());
        record(extended, entry.size() > LARGEST, "size", "" + entry.size());
        record(extended, entry.uid() > LARGEST_ID, "uid", "" + entry.uid());
        record(extended, entry.gid() > LARGEST_ID, "gid", "" + entry.gid());
        if (!extended.isEmpty()) {
            byte[] records = extended.toString().getBytes(StandardCharsets.UTF_8);
            out.write(head("PaxHeaders/entry", 0644, 0, 0, records.length, 0, 'x', ""));
            out.write(records);
            pad(records.length);
        }
        long seconds = Math.max(0, entry.modified().getEpochSecond());
        out.write(head(
                longName ? cut(name) : name,
                entry.mode(),
                entry.uid(),
                entry.gid(),
                entry.size(),
                seconds,
                entry.type().flag,
                longLink ? "" : entry.link()));
        copy(entry, content);
        pad(entry.size());
    }

    private void copy(TarEntry entry, InputStream content) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = entry.size();
        while (left > 0) {
            int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new IOException("archive " + entry.name() + ": the file became shorter while it was read");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    private static boolean fits(String text) {
        return text.length() <= NAME && text.chars().allMatch(c -> c < 0x80);
    }

    private static String cut(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7e]", "_");
        return plain.substring(0, Math.min(NAME, plain.length()));
    }

    // a record's length counts its own digits
    private static void record(StringBuilder records, boolean wanted, String key, String value) {
        if (!wanted) {
            return;
        }
        int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length = rest + Integer.toString(length).length();
        }
        records.append(length).append(' ').append(key).append('=').append(value).append('\n');
    }

    private static byte[] head(String name, int mode, int uid, int gid, long size, long time, char type, String link) {
        byte[] head = new byte[BLOCK];
        text(head, 0, name);
        octal(head, 100, 8, mode);
        octal(head, 108, 8, Math.min(uid, LARGEST_ID));
        octal(head, 116, 8, Math.min(gid, LARGEST_ID));
        octal(head, 124, 12, size > LARGEST ? 0 : size);
        octal(head, 136, 12, time);
        Arrays.fill(head, 148, 156, (byte) ' ');
        head[156] = (byte) type;
        text(head, 157, link);
        text(head, 257, "ustar\00000");
        int sum = 0;
        for (byte b : head) {
            sum += b & 0xff;
        }
        text(head, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return head;
    }

    private static void text(byte[] head, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, head, offset, bytes.length);
    }

    private static void octal(byte[] head, int offset, int width, long value) {
        text(head, offset, String.format(Locale.ROOT, "%0" + (width - 1) + "o", value));
    }

    /** Writes the archive's end; flushing is up to the stream's owner. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            out.write(new byte[2 * BLOCK]);
        }
    }
}
