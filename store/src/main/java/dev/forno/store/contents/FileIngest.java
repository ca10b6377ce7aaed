package dev.forno.store.contents;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.streams.WriteBack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** An ingest in a file, hashed by sha256 while it is written. */
final class FileIngest implements Ingest {
    private final LayoutContentStore store;
    private final String key;
    private final Path file;
    private final boolean resumable;
    private final Runnable release;
    private final FileChannel channel;
    private final WriteBack writeBack;
    private final MessageDigest hash = Digest.newSha256();
    private final Written written = new Written();
    private long offset;
    private @Nullable Digest verified;
    private boolean open = true;

    /** Whether the disk was too small: then what is there is given back rather than kept. */
    private boolean full;

    FileIngest(LayoutContentStore store, String key, Path file, boolean resumable, Runnable release)
            throws IOException {
        this.store = store;
        this.key = key;
        this.file = file;
        this.resumable = resumable;
        this.release = release;
        this.channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            offset = hashAll(hash);
            writeBack = new WriteBack(file, true);
            written.grown(offset);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Hashes the whole file and leaves the position at its end. */
    private long hashAll(MessageDigest accumulator) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        channel.position(0);
        while (channel.read(buffer) >= 0) {
            accumulator.update(buffer.flip());
            buffer.clear();
        }
        return channel.position();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        requireWritable();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            hash.update(bytes, from, length);
            offset += length;
            written.grown(offset);
            writeBack.reached(offset);
            full = false; // there was room again
        } catch (IOException e) {
            full |= Failures.isFull(e);
            recover();
            throw Failures.of(writing(), e);
        }
    }

    /** The step, for users; the names of ingests that nobody resumes say nothing. */
    private String writing() {
        return resumable ? "write blob " + key : "write content";
    }

    /** After a write in part, cuts off what wasn't hashed, so that the ingest can be resumed. */
    private void recover() {
        try {
            channel.truncate(offset);
        } catch (IOException e) {
            close(); // a resumption hashes the file again, whatever its length
        }
    }

    @Override
    public void truncate() {
        requireWritable();
        try {
            written.restarted();
            channel.truncate(0);
            hash.reset();
            offset = 0;
            writeBack.restarted();
        } catch (IOException e) {
            throw Failures.of("write blob " + key, e);
        }
    }

    @Override
    public InputStream follow() {
        requireOpen();
        try {
            return new Follower(file, written);
        } catch (IOException e) {
            throw Failures.of("follow blob " + key, e);
        }
    }

    @Override
    public void verify(Digest expected, long expectedSize) {
        requireOpen();
        if (expectedSize >= 0 && offset != expectedSize) {
            abort();
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "store blob " + expected + ": received " + offset + " bytes, expected " + expectedSize);
        }
        Digest actual = digest(expected.algorithm());
        if (!actual.equals(expected)) {
            abort();
            throw new FornoException(
                    ErrorKind.DATA_LOSS, "store blob " + expected + ": the received bytes have the digest " + actual);
        }
        verified = actual;
        written.completed();
    }

    @Override
    public BlobStat commit(Digest expected, long expectedSize) {
        if (!expected.equals(verified)) {
            verify(expected, expectedSize);
        }
        requireOpen();
        return publish(expected);
    }

    @Override
    public BlobStat commit() {
        requireWritable();
        verified = digest(Digest.SHA256);
        written.completed();
        return publish(verified);
    }

    private Digest digest(String algorithm) {
        if (algorithm.equals(Digest.SHA256)) {
            return Digest.of(hash.digest(), algorithm);
        }
        try {
            MessageDigest other = new Digest(algorithm, "0".repeat(128)).newAccumulator();
            hashAll(other);
            return Digest.of(other.digest(), algorithm);
        } catch (IOException e) {
            throw Failures.of("verify blob " + key, e);
        }
    }

    private BlobStat publish(Digest digest) {
        try {
            channel.force(true);
            store.publish(file, digest);
        } catch (IOException e) {
            full |= Failures.isFull(e);
            close(); // keeps what can be resumed, removes the rest
            throw Failures.of("store blob " + digest, e);
        }
        closeChannel();
        return store.stat(digest)
                .orElseThrow(() -> new FornoException(
                        ErrorKind.INTERNAL, "store blob " + digest + ": removed by someone else meanwhile"));
    }

    @Override
    public void abort() {
        if (open) {
            closeChannel();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw Failures.of("discard blob " + key, e);
            }
        }
    }

    @Override
    public void close() {
        if (resumable && offset > 0 && !full) {
            closeChannel();
        } else {
            abort();
        }
    }

    private void closeChannel() {
        if (open) {
            open = false;
            written.givenUp();
            try (channel) {
                writeBack.close();
            } catch (IOException e) {
                throw Failures.of("close blob " + key, e);
            } finally {
                release.run();
            }
        }
    }

    private void requireWritable() {
        requireOpen();
        if (verified != null) {
            throw new IllegalStateException("ingest " + key + " is verified");
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("ingest " + key + " is closed");
        }
    }
}
