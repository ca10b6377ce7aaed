package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Writes small layer tars for tests. */
public final class LayerTar {
    static final Instant TIME = Instant.ofEpochSecond(1_600_000_000L);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(out);

    /** An empty tar. */
    public LayerTar() {}

    public LayerTar directory(String name) {
        return directory(name, 0755);
    }

    public LayerTar directory(String name, int mode) {
        return add(TarEntry.directory(name, mode, TIME), "");
    }

    public LayerTar file(String name, String text) {
        return add(TarEntry.file(name, 0644, text.getBytes(UTF_8).length, TIME), text);
    }

    public LayerTar add(TarEntry entry, String text) {
        try {
            tar.add(entry, new ByteArrayInputStream(text.getBytes(UTF_8)));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() {
        try {
            tar.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
