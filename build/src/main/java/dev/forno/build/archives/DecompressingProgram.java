package dev.forno.build.archives;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;

/** The output of a program that decompresses what it is fed; the end is reached only if the program succeeded. */
final class DecompressingProgram extends FilterInputStream {
    private final String name;
    private final Process process;
    private final Thread feeder;
    private final InputStream source;

    private DecompressingProgram(String name, InputStream source, Process process, Thread feeder) {
        super(process.getInputStream());
        this.name = name;
        this.source = source;
        this.process = process;
        this.feeder = feeder;
    }

    static InputStream start(String name, InputStream in) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(name, "-dcq").start();
        } catch (IOException e) {
            throw Compression.missing(name);
        }
        Thread feeder = Thread.ofVirtual().name("feed " + name).start(() -> feed(in, process.getOutputStream()));
        return new DecompressingProgram(name, in, process, feeder);
    }

    private static void feed(InputStream in, OutputStream out) {
        try (out) {
            in.transferTo(out);
        } catch (IOException e) {
            // The program ended early or the source broke: the program's exit code tells the reader.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = super.read(bytes, from, length);
        if (n < 0) {
            verify();
        }
        return n;
    }

    private void verify() throws IOException {
        try {
            if (process.waitFor() != 0) {
                String error = new String(process.getErrorStream().readNBytes(1000), StandardCharsets.UTF_8).strip();
                throw new ZipException(name + " can't decompress the archive: " + error);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " decompresses", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        super.close();
        feeder.interrupt();
        try {
            feeder.join(); // nobody else may read what it feeds from while it does
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        source.close();
    }
}
