package dev.forno.store.archives;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Archives of all dialects: read to their end, or refused as an invalid argument; never more data than came in. */
public final class TarReaderFuzz {
    private static final int MAGIC_AT = 257;

    private TarReaderFuzz() {}

    /** The input is the archive; headers' checksums are put right, so that what is behind them is reached. */
    public static void fuzzerTestOneInput(byte[] input) {
        byte[] archive = input.clone();
        seal(archive);
        try {
            read(archive);
        } catch (FornoException e) {
            check(e.kind() == ErrorKind.INVALID_ARGUMENT, "a refusal of the kind " + e.kind() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory has none
        }
    }

    private static void read(byte[] archive) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(archive));
        long[] data = {0};
        int entries = 0;
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarEntry entry = next.get();
            check(entry.size() >= 0, "a negative size");
            check(entry.type() == TarType.FILE || entry.size() == 0, "content of what is no file");
            check(entry.name().length() <= archive.length, "a name longer than the archive");
            if (entries++ % 2 == 0) {
                copy(entry, tar, data);
            } else {
                data[0] += tar.content().readNBytes(1000).length > 0 ? 1 : 0;
            }
            check(data[0] <= archive.length, "more data than the archive has");
            check(entries <= archive.length / TarBlock.SIZE, "more entries than headers");
        }
        check(tar.next().isEmpty(), "the end stays the end");
        tar.drain();
    }

    private static void copy(TarEntry entry, TarReader tar, long[] data) throws IOException {
        long[] end = {0};
        tar.copyTo((position, bytes, from, length) -> {
            check(position >= end[0], "positions ascend");
            check(length > 0, "pieces have bytes");
            end[0] = position + length;
            check(end[0] <= entry.size(), "data behind the end of the file");
            data[0] += length;
        });
    }

    /** Any block that calls itself ustar gets the right checksum. */
    static void seal(byte[] archive) {
        for (int at = 0; at + TarBlock.SIZE <= archive.length; at += TarBlock.SIZE) {
            if (archive[at + MAGIC_AT] == 'u' && archive[at + MAGIC_AT + 1] == 's') {
                byte[] bytes = java.util.Arrays.copyOfRange(archive, at, at + TarBlock.SIZE);
                TarBlock block = new TarBlock(bytes);
                block.seal();
                System.arraycopy(bytes, 0, archive, at, TarBlock.SIZE);
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
