package dev.forno.store.archives;

import dev.forno.linux.files.FileNames;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/** A header block of 512 bytes and its fields (POSIX pax, "ustar Interchange Format"; GNU's own extensions). */
final class TarBlock {
    static final int SIZE = 512;

    static final Field NAME = new Field("name", 0, 100);
    static final Field MODE = new Field("mode", 100, 8);
    static final Field UID = new Field("uid", 108, 8);
    static final Field GID = new Field("gid", 116, 8);
    static final Field LENGTH = new Field("size", 124, 12);
    static final Field MTIME = new Field("mtime", 136, 12);
    static final Field CHECKSUM = new Field("checksum", 148, 8);
    static final int TYPE = 156;
    static final Field LINK_NAME = new Field("linkname", 157, 100);
    static final Field MAGIC = new Field("magic", 257, 8);
    static final Field USER_NAME = new Field("uname", 265, 32);
    static final Field GROUP_NAME = new Field("gname", 297, 32);
    static final Field MAJOR = new Field("devmajor", 329, 8);
    static final Field MINOR = new Field("devminor", 337, 8);
    static final Field PREFIX = new Field("prefix", 345, 155);
    static final int GNU_SPARSE = 386;
    static final int GNU_IS_EXTENDED = 482;
    static final Field GNU_REAL_SIZE = new Field("realsize", 483, 12);

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EVEN = 0x00FF00FF00FF00FFL;

    /** A field's place in the block. */
    record Field(String name, int at, int length) {}

    final byte[] bytes;

    TarBlock(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isZero() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    boolean isUstar() {
        return new String(bytes, MAGIC.at, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
    }

    /** The bytes up to the first zero. */
    String text(Field field) {
        int end = field.at;
        while (end < field.at + field.length && bytes[end] != 0) {
            end++;
        }
        return FileNames.decode(bytes, field.at, end - field.at);
    }

    /** An octal number, or a binary one when its first bit is set; an empty field is zero. */
    long number(Field field) {
        return number(field.name, field.at, field.length);
    }

    long number(String name, int at, int length) {
        if ((bytes[at] & 0x80) != 0) {
            return binary(name, at, length);
        }
        return octal(at, length).orElseThrow(() -> new MalformedTarException("the field " + name + " is not a number"));
    }

    private OptionalLong octal(int at, int length) {
        int i = at;
        int end = at + length;
        while (i < end && bytes[i] == ' ') {
            i++;
        }
        long value = 0;
        for (; i < end && bytes[i] >= '0' && bytes[i] <= '7'; i++) {
            value = (value << 3) | (bytes[i] - '0');
        }
        for (; i < end; i++) {
            if (bytes[i] == 0) {
                break; // what follows the end of the text does not matter
            }
            if (bytes[i] != ' ') {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(value);
    }

    private long binary(String name, int at, int length) {
        boolean negative = (bytes[at] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = at; i < at + length; i++) {
            int b = i == at ? (bytes[i] & 0x7f) | (negative ? 0x80 : 0) : bytes[i] & 0xff;
            long high = value >> 55;
            if (high != 0 && high != -1) {
                throw new MalformedTarException("the field " + name + " is too large");
            }
            value = (value << 8) | b;
        }
        return value;
    }

    /** Whether the checksum is right, in which its own field counts as spaces, with the bytes taken as unsigned or, as some old writers did, signed. */
    boolean checksumMatches() {
        OptionalLong stored = octal(CHECKSUM.at, CHECKSUM.length);
        return stored.isPresent() && (stored.getAsLong() == unsignedSum() || stored.getAsLong() == signedSum());
    }

    /** Eight bytes at once, as this is done for every entry: the even and the odd ones in four lanes of 16 bits. */
    private int unsignedSum() {
        long lanes = 0;
        for (int i = 0; i < SIZE; i += Long.BYTES) {
            long eight = (long) EIGHT.get(bytes, i);
            lanes += (eight & EVEN) + (eight >>> 8 & EVEN);
        }
        int sum =
                8 * ' ' + (int) ((lanes & 0xFFFF) + (lanes >>> 16 & 0xFFFF) + (lanes >>> 32 & 0xFFFF) + (lanes >>> 48));
        for (int i = CHECKSUM.at; i < CHECKSUM.at + CHECKSUM.length; i++) {
            sum -= bytes[i] & 0xff;
        }
        return sum;
    }

    private int signedSum() {
        int sum = 8 * ' ';
        for (int i = 0; i < SIZE; i++) {
            sum += i >= CHECKSUM.at && i < CHECKSUM.at + CHECKSUM.length ? 0 : bytes[i];
        }
        return sum;
    }

    void put(Field field, byte[] text) {
        System.arraycopy(text, 0, bytes, field.at, Math.min(text.length, field.length));
    }

    /** Whether an octal number fits, with the zero that ends it. */
    static boolean fits(Field field, long value) {
        return value >= 0 && value < 1L << (3 * (field.length - 1));
    }

    void putNumber(Field field, long value) {
        long rest = fits(field, value) ? value : 0;
        for (int i = field.at + field.length - 2; i >= field.at; i--) {
            bytes[i] = (byte) ('0' + (rest & 7));
            rest >>= 3;
        }
    }

    /** Writes the checksum as six digits, zero, space. */
    void seal() {
        Arrays.fill(bytes, CHECKSUM.at, CHECKSUM.at + CHECKSUM.length, (byte) ' ');
        int sum = 0;
        for (byte b : bytes) {
            sum += b & 0xff;
        }
        for (int i = CHECKSUM.at + 5; i >= CHECKSUM.at; i--) {
            bytes[i] = (byte) ('0' + (sum & 7));
            sum >>= 3;
        }
        bytes[CHECKSUM.at + 6] = 0;
    }
}
