package dev.forno.store.archives;

import com.github.luben.zstd.ZstdInputStream;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Opens streams that may be compressed, told by their first bytes. */
public final class Decompression {
    private static final int BUFFER = 1 << 16;

    private Decompression() {}

    /**
     * The content of {@code in} without its gzip or zstd compression, if it has one. Closing the result closes {@code in}.
     *
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for bzip2 and xz, which are known but not supported
     */
    public static InputStream open(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(8);
        byte[] head = buffered.readNBytes(6);
        buffered.reset();
        if (startsWith(head, 0x1f, 0x8b)) {
            return new GZIPInputStream(buffered, BUFFER);
        }
        if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
            return new ZstdInputStream(buffered);
        }
        if (startsWith(head, 'B', 'Z', 'h')) {
            throw unsupported("bzip2");
        }
        if (startsWith(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            throw unsupported("xz");
        }
        return buffered;
    }

    private static boolean startsWith(byte[] head, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= head.length || (head[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static FornoException unsupported(String kind) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "open archive: " + kind + " compression is not supported; use gzip, zstd or none");
    }
}
