package dev.forno.store.layers;

import com.github.luben.zstd.ZstdIOException;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.zip.ZipException;

/** Compressed streams: inflated up to a bound, or refused as damaged. */
public final class CompressionFuzz {
    private static final int LIMIT = 1 << 20;
    private static final Set<ErrorKind> REFUSALS =
            Set.of(ErrorKind.INVALID_ARGUMENT, ErrorKind.NOT_IMPLEMENTED, ErrorKind.RESOURCE_EXHAUSTED);

    private CompressionFuzz() {}

    /** The input is the stream. */
    public static void fuzzerTestOneInput(byte[] input) {
        InputStream in = new BufferedInputStream(new ByteArrayInputStream(input));
        try (InputStream plain = new BoundedInput(Compression.decompress(in), LIMIT)) {
            long count = 0;
            byte[] buffer = new byte[1 << 14];
            for (int n = plain.read(buffer); n >= 0; n = plain.read(buffer)) {
                count += n;
            }
            if (count > LIMIT) {
                throw new AssertionError("more than the limit: " + count);
            }
        } catch (FornoException e) {
            if (!REFUSALS.contains(e.kind())) {
                throw new AssertionError("a refusal of the kind " + e.kind(), e);
            }
        } catch (ZipException | EOFException | ZstdIOException e) {
            return; // damaged: what the layers call data loss
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
