package dev.forno.store.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.LayoutContentStore;
import dev.forno.store.records.Database;
import dev.forno.store.records.SqliteDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Layers over a content store and a snapshotter that keeps them as files. */
abstract class LayersFixture {
    @TempDir
    Path directory;

    ContentStore content;
    Database database;
    TarSnapshotter snapshotter;
    BlobLayers layers;

    @BeforeEach
    void open() throws IOException {
        content = LayoutContentStore.open(
                directory.resolve("content"), directory.resolve("ingests"), digest -> {}, InstantSource.system());
        database = SqliteDatabase.open(directory.resolve("metadata.db"));
        use(true);
    }

    final void use(boolean keepsTars) throws IOException {
        snapshotter = new TarSnapshotter(Files.createDirectories(directory.resolve("layers")), keepsTars);
        layers = new BlobLayers(content, snapshotter, database.table("compressed"), 20 << 20, 10 << 20);
    }

    @AfterEach
    void close() {
        database.close();
    }

    static byte[] tar(int size) {
        try {
            byte[] noise = new byte[size];
            new Random(size).nextBytes(noise);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TarWriter tar = new TarWriter(out);
            tar.add(TarEntry.directory("etc", 0755, Instant.EPOCH));
            tar.add(TarEntry.file("etc/noise", 0644, size, Instant.EPOCH), new ByteArrayInputStream(noise));
            tar.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static Descriptor blob(byte[] bytes) {
        return Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(bytes), bytes.length);
    }

    /** Brings bytes in pieces, as often as asked. */
    static Layers.Arrival bringing(byte[] bytes) {
        return sink -> bring(bytes, sink, bytes.length);
    }

    static void bring(byte[] bytes, Layers.BlobSink sink, int until) {
        while (sink.offset() < until) {
            int n = (int) Math.min(10_000, until - sink.offset());
            sink.write(bytes, (int) sink.offset(), n);
        }
    }

    static FornoException assertKind(ErrorKind kind, org.junit.jupiter.api.function.Executable action) {
        FornoException e = assertThrows(FornoException.class, action);
        assertEquals(kind, e.kind(), e.getMessage());
        return e;
    }

    void assertNothingIsKept() throws IOException {
        assertEquals(java.util.List.of(), content.list());
        assertEquals(java.util.List.of(), snapshotter.layers());
        try (var left = Files.list(directory.resolve("ingests"))) {
            assertEquals(0, left.count());
        }
    }
}
