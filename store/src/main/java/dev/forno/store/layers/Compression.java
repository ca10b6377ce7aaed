package dev.forno.store.layers;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.forno.linux.compression.GzipInput;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** How a tar is compressed, told by its first bytes. */
public enum Compression {
    NONE(MediaTypes.OCI_LAYER),
    GZIP(MediaTypes.OCI_LAYER_GZIP),
    ZSTD(MediaTypes.OCI_LAYER_ZSTD);

    private static final int MAX_ZSTD_WINDOW_LOG = 27; // 128 MiB, as the zstd command allows by default
    private static final int BUFFER = 1 << 16;

    private final String mediaType;

    Compression(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The media type of a layer that is compressed so. */
    public String mediaType() {
        return mediaType;
    }

    /**
     * Looks at the first bytes and leaves the stream at its start.
     *
     * @param in must support mark
     * @throws FornoException {@link ErrorKind#NOT_IMPLEMENTED} for a compression that is known but not supported
     */
    public static Compression detect(InputStream in) throws IOException {
        in.mark(8);
        byte[] start = in.readNBytes(6);
        in.reset();
        if (startsWith(start, 0x1f, 0x8b)) {
            return GZIP;
        }
        if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd)) {
            return ZSTD;
        }
        if (startsWith(start, 'B', 'Z', 'h')) {
            throw unsupported("bzip2");
        }
        if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z')) {
            throw unsupported("xz");
        }
        return NONE;
    }

    /** The uncompressed stream of one whose compression is not known yet. Closing it closes {@code in}. */
    public static InputStream decompress(InputStream in) throws IOException {
        InputStream buffered = in.markSupported() ? in : new BufferedInputStream(in, BUFFER);
        return detect(buffered).open(buffered);
    }

    /** The uncompressed stream. Closing it closes {@code in}. */
    public InputStream open(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> GzipInput.open(in);
            case ZSTD -> zstd(in);
        };
    }

    private static InputStream zstd(InputStream in) throws IOException {
        ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(in);
        stream.setLongMax(MAX_ZSTD_WINDOW_LOG);
        stream.setContinuous(false);
        return stream;
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        boolean same = bytes.length >= start.length;
        for (int i = 0; i < start.length && same; i++) {
            same = (bytes[i] & 0xff) == start[i];
        }
        return same;
    }

    private static FornoException unsupported(String name) {
        return new FornoException(
                ErrorKind.NOT_IMPLEMENTED,
                "read archive: " + name + " compression is not supported; use gzip, zstd or a plain tar");
    }
}
