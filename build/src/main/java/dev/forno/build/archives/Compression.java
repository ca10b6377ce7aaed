package dev.forno.build.archives;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** The compressions that archives come in, told by their first bytes. */
public enum Compression {
    NONE(),
    GZIP(0x1f, 0x8b, 0x08),
    BZIP2('B', 'Z', 'h'),
    XZ(0xfd, '7', 'z', 'X', 'Z', 0),
    ZSTD(0x28, 0xb5, 0x2f, 0xfd);

    private static final int LONGEST = 6;

    private final String magic;

    Compression(int... magic) {
        this.magic = new String(magic, 0, magic.length);
    }

    /** The compression of content that begins with these bytes. */
    public static Compression of(byte[] start) {
        for (Compression compression : values()) {
            if (compression != NONE && compression.matches(start)) {
                return compression;
            }
        }
        return NONE;
    }

    private boolean matches(byte[] start) {
        if (start.length < magic.length()) {
            return false;
        }
        for (int i = 0; i < magic.length(); i++) {
            if ((start[i] & 0xff) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The decompressed content of a stream of any of these compressions. Closing it ends what decompresses. bzip2 and xz are read
     * by the programs of that name; throws {@link ErrorKind#UNAVAILABLE} when the machine lacks one.
     */
    public static InputStream decompress(InputStream in) throws IOException {
        return dev.forno.store.layers.Compression.decompress(asLayer(in));
    }

    /** The same archive as layers may be: plain, gzip and zstd as they are, the others decompressed. Closing it closes {@code in}. */
    public static InputStream asLayer(InputStream in) throws IOException {
        PushbackInputStream pushed = new PushbackInputStream(in, LONGEST);
        byte[] start = pushed.readNBytes(LONGEST);
        pushed.unread(start);
        return switch (of(start)) {
            case NONE, GZIP, ZSTD -> pushed;
            case BZIP2 -> DecompressingProgram.start("bzip2", pushed);
            case XZ -> DecompressingProgram.start("xz", pushed);
        };
    }

    static FornoException missing(String program) {
        return new FornoException(
                ErrorKind.UNAVAILABLE,
                "decompress archive: the program \"" + program
                        + "\" is not installed; install the package of that name");
    }
}
