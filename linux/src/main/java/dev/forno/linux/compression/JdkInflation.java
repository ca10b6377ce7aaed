package dev.forno.linux.compression;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/** Inflates by the JDK's own library, which is everywhere. */
final class JdkInflation implements Inflation {
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();

    @Override
    public void input(byte[] bytes, int from, int length) {
        inflater.setInput(bytes, from, length);
    }

    @Override
    public int inflate(byte[] out, int from, int length) throws ZipException {
        try {
            int n = inflater.inflate(out, from, length);
            if (n == 0 && inflater.needsDictionary()) {
                throw new ZipException("the stream wants a dictionary");
            }
            crc.update(out, from, n);
            return n;
        } catch (DataFormatException e) {
            ZipException damaged = new ZipException(e.getMessage() == null ? "invalid data" : e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    @Override
    public boolean finished() {
        return inflater.finished();
    }

    @Override
    public int left() {
        return inflater.getRemaining();
    }

    @Override
    public int crc() {
        return (int) crc.getValue();
    }

    @Override
    public void reset() {
        inflater.reset();
        crc.reset();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
