package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Tars that no writer would make, block by block. */
final class HostileTar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] header = new byte[BLOCK];

    /** An entry with the given type flag; its header may be changed before the next thing is written. */
    HostileTar entry(char type, String name, String link, byte[] content) {
        flush();
        header = new byte[BLOCK];
        put(0, name.getBytes(ISO_8859_1));
        octal(100, 8, 0644);
        octal(108, 8, 0);
        octal(116, 8, 0);
        octal(124, 12, content.length);
        octal(136, 12, 0);
        header[156] = (byte) type;
        put(157, link.getBytes(ISO_8859_1));
        put(257, "ustar\00000".getBytes(UTF_8));
        octal(329, 8, 0);
        octal(337, 8, 0);
        pending = content;
        return this;
    }

    private byte[] pending = new byte[0];

    HostileTar file(String name, String content) {
        return entry('0', name, "", content.getBytes(UTF_8));
    }

    HostileTar directory(String name) {
        return entry('5', name, "", new byte[0]).mode(0755);
    }

    HostileTar symlink(String name, String target) {
        return entry('2', name, target, new byte[0]);
    }

    HostileTar hardLink(String name, String target) {
        return entry('1', name, target, new byte[0]);
    }

    HostileTar device(char type, String name, int major, int minor) {
        entry(type, name, "", new byte[0]);
        octal(329, 8, major);
        octal(337, 8, minor);
        return this;
    }

    /** A pax header of one record, for the next entry. */
    HostileTar pax(String key, String value) {
        return pax('x', key, value.getBytes(UTF_8));
    }

    HostileTar pax(char type, String key, byte[] value) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        int length = key.length() + value.length + 3;
        int digits = Integer.toString(length + 1).length();
        digits = Integer.toString(length + digits).length();
        record.writeBytes((length + digits + " " + key + "=").getBytes(UTF_8));
        record.writeBytes(value);
        record.write('\n');
        return entry(type, "pax", "", record.toByteArray());
    }

    /** Changes the mode of the entry before. */
    HostileTar mode(int mode) {
        octal(100, 8, mode);
        return this;
    }

    /** Changes a field of the entry before to a number in base 256. */
    HostileTar binary(int at, int length, long value) {
        for (int i = at + length - 1; i >= at; i--) {
            header[i] = (byte) (i > at + length - 9 ? value >> (8 * (at + length - 1 - i)) : value >> 63);
        }
        header[at] = (byte) (value < 0 ? 0xff : header[at] | 0x80);
        return this;
    }

    /** Declares another size than the content has. */
    HostileTar size(long size) {
        return binary(124, 12, size);
    }

    HostileTar raw(byte[] bytes) {
        flush();
        out.writeBytes(bytes);
        return this;
    }

    byte[] end() {
        return raw(new byte[2 * BLOCK]).unfinished();
    }

    byte[] unfinished() {
        flush();
        return out.toByteArray();
    }

    private void flush() {
        if (header[0] == 0 && header[156] == 0) {
            return;
        }
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(148, 7, sum);
        out.writeBytes(header);
        out.writeBytes(pending);
        out.writeBytes(new byte[-pending.length & (BLOCK - 1)]);
        header = new byte[BLOCK];
        pending = new byte[0];
    }

    private void put(int at, byte[] bytes) {
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, BLOCK - at));
    }

    private void octal(int at, int length, long value) {
        String digits = Long.toOctalString(value);
        put(at, ("0".repeat(Math.max(0, length - 1 - digits.length())) + digits + "\0").getBytes(UTF_8));
    }
}
